/** Makes the signed report of a scan that has ended, as JSON and as CSV. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.report;
