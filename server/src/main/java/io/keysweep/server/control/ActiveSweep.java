package io.keysweep.server.control;

/**
 * Describes a sweep that runs, or is about to, with the instructions of its scan.
 *
 * @param execution id of the execution that does the sweep
 * @param host address of the host that the primary is on, by the primary's name
 * @param instructions the instructions of the scan
 */
public record ActiveSweep(String execution, String host, ScanInstructions instructions) {}
