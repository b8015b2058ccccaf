package io.keysweep.server.control;

/**
 * Describes a sweep that runs or is about to begin, for the rules that decide whether and how fast it may run.
 *
 * @param execution id of the db-scheduler execution that does the sweep, {@code <scan id>/<round>/<node id>}
 * @param host host in the address of the primary
 * @param instructions present instructions of the scan
 */
public record ActiveSweep(String execution, String host, ScanInstructions instructions) {}
