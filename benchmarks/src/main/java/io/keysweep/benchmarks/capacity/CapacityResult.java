package io.keysweep.benchmarks.capacity;

import io.keysweep.benchmarks.result.Machine;
import java.util.List;

/**
 * All of a run, as its file has it.
 *
 * @param commandLine how to do it again
 * @param at when it ended, ISO 8601
 * @param machine where
 * @param passes scans one after the other on each instance, by number of workers
 * @param worker one worker, idle and with sweeps that take long
 */
record CapacityResult(String commandLine, String at, Machine machine, List<Pass> passes, List<Running> worker) {

    /**
     * Tiny scans, as many as go, with one process that answers.
     *
     * @param workers processes that sweep
     * @param scans that were created, claimed and finished
     * @param scansPerSecond the same a second
     * @param statementsPerScan of SQL, polls and heartbeats included
     * @param databaseCpuMsPerScan CPU time of the database over all scans, ms
     * @param workerCpuMsPerScan of all workers, ms
     * @param apiCpuMsPerScan of the process that answers, ms
     * @param walBytesPerScan written to the database's log
     * @param bytesPerScan of tables and indexes that a scan leaves
     * @param connections to the database at the end
     */
    record Pass(
            int workers,
            long scans,
            double scansPerSecond,
            double statementsPerScan,
            double databaseCpuMsPerScan,
            double workerCpuMsPerScan,
            double apiCpuMsPerScan,
            double walBytesPerScan,
            double bytesPerScan,
            long connections) {}

    /**
     * A worker with so many sweeps under way, each at a low rate.
     *
     * @param sweeps how many
     * @param statementsPerSecond of SQL, those of an idle process that answers included
     * @param databaseCpuMsPerSecond CPU time of the database a second, ms
     * @param workerCpuMsPerSecond CPU time of the worker a second, ms
     * @param walBytesPerSecond written to the database's log
     * @param residentMb memory of the worker, MB
     * @param usedHeapMb its heap after a full collection, MB
     * @param redisConnections of one sweep to its server
     */
    record Running(
            int sweeps,
            double statementsPerSecond,
            double databaseCpuMsPerSecond,
            double workerCpuMsPerSecond,
            double walBytesPerSecond,
            double residentMb,
            double usedHeapMb,
            double redisConnections) {}
}
