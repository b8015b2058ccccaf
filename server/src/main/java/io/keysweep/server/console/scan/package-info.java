/**
 * Serves the pages of scans, of holds, and of scans that wait for approval.
 *
 * <p>The page of a scan has its charts and its forms, and leads to its timeline and its report.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.scan;
