/**
 * Serves the pages of scans, and of what stops or delays them: the list, each scan with its charts, its forms and its
 * report, the holds, and the scans that wait for approval.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.scan;
