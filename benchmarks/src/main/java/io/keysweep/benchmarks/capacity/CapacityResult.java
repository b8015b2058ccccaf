package io.keysweep.benchmarks.capacity;

import io.keysweep.benchmarks.result.Machine;
import java.util.List;

/**
 * Describes the JSON file that {@code dev/bench service} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the run
 * @param at the end of the run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the benchmark ran
 * @param passes the cost of short scans, one entry for each number of workers
 * @param worker the cost of long sweeps in one worker, one entry for each number of sweeps at the same time
 */
record CapacityResult(
        String commandLine, String at, Machine machine, List<ShortScans> passes, List<LongSweeps> worker) {

    /**
     * Reports the cost of short scans that follow each other as fast as possible, with one API process.
     *
     * @param workers the number of worker processes
     * @param scans the number of scans that succeeded during the measurement
     * @param scansPerSecond succeeded scans per second
     * @param statementsPerScan SQL statements of the service per scan, including polls and heartbeats
     * @param databaseCpuMsPerScan CPU time of the database per scan, ms
     * @param workerCpuMsPerScan CPU time of all workers per scan, ms
     * @param apiCpuMsPerScan CPU time of the API process per scan, ms
     * @param walBytesPerScan bytes written to the database's log per scan
     * @param bytesPerScan bytes of tables and indexes that a finished scan occupies
     * @param connections the connections of all processes of the service to the database, at the end of the measurement
     */
    record ShortScans(
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
     * Reports the cost of one worker that runs several sweeps at the same time, each at a low rate.
     *
     * @param sweeps the number of sweeps at the same time
     * @param statementsPerSecond SQL statements per second, including statements of an idle API process
     * @param databaseCpuMsPerSecond CPU time of the database per second, ms
     * @param workerCpuMsPerSecond CPU time of the worker per second, ms
     * @param walBytesPerSecond bytes written to the database's log per second
     * @param residentMb resident memory of the worker, MiB
     * @param usedHeapMb heap of the worker after a full collection, MiB
     * @param redisConnections connections of one sweep to its Redis server, on average
     */
    record LongSweeps(
            int sweeps,
            double statementsPerSecond,
            double databaseCpuMsPerSecond,
            double workerCpuMsPerSecond,
            double walBytesPerSecond,
            double residentMb,
            double usedHeapMb,
            double redisConnections) {}
}
