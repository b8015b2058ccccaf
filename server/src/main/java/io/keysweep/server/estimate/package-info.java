/** Estimates of backlogs, and the last one of each instance. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.estimate;
