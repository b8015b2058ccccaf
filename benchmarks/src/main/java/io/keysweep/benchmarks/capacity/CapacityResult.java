package io.keysweep.benchmarks.capacity;

import io.keysweep.benchmarks.result.Machine;
import java.util.List;

/**
 * Holds the results of a run of {@code dev/bench service}; its components are the fields of the JSON file.
 *
 * @param commandLine the command that repeats the run
 * @param at the time of the end, ISO 8601
 * @param machine the machine of the run
 * @param passes figures of short scans, one pass for each number of workers
 * @param worker figures of one worker, for each number of long sweeps
 */
record CapacityResult(String commandLine, String at, Machine machine, List<Pass> passes, List<Running> worker) {

    /**
     * Reports the cost of tiny scans that run as fast as possible, with one API process.
     *
     * @param workers the number of worker processes
     * @param scans the number of scans that were created, claimed and finished
     * @param scansPerSecond finished scans a second
     * @param statementsPerScan SQL statements per scan, including polls and heartbeats
     * @param databaseCpuMsPerScan CPU time of the database per scan, ms
     * @param workerCpuMsPerScan CPU time of all workers per scan, ms
     * @param apiCpuMsPerScan CPU time of the API process per scan, ms
     * @param walBytesPerScan bytes written to the database's log per scan
     * @param bytesPerScan bytes of tables and indexes that a finished scan occupies
     * @param connections connections to the database at the end
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
     * Reports the cost of one worker that runs several sweeps at a low rate.
     *
     * @param sweeps the number of sweeps at once
     * @param statementsPerSecond SQL statements a second, including those of an idle API process
     * @param databaseCpuMsPerSecond CPU time of the database a second, ms
     * @param workerCpuMsPerSecond CPU time of the worker a second, ms
     * @param walBytesPerSecond bytes written to the database's log a second
     * @param residentMb resident memory of the worker, MB
     * @param usedHeapMb heap of the worker after a full collection, MB
     * @param redisConnections connections of one sweep to its server
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
