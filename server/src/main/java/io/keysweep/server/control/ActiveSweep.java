package io.keysweep.server.control;

/**
 * A sweep that runs or is about to, and what its scan has been told.
 *
 * @param execution id of the execution that does it
 * @param host address of the host that its primary is on, as far as the primary's name tells
 * @param orders what its scan has been told
 */
public record ActiveSweep(String execution, String host, ScanInstructions orders) {}
