package io.keysweep.server.control;

/**
 * Describes a sweep for the rules that decide whether the sweep may run, and how fast.
 *
 * <p>A sweep is the part of a scan that visits one primary. It runs, is about to begin, or waits to continue.
 *
 * @param execution execution id: the id of the sweep's entry in db-scheduler, {@code <scan id>/<round>/<node id>}
 * @param host host in the address of the primary; the sweeps on one host share its budgets
 * @param instructions instructions of the scan as they were read last
 */
public record ActiveSweep(String execution, String host, ScanInstructions instructions) {}
