package io.keysweep.benchmarks.fleet;

import io.keysweep.benchmarks.result.Machine;
import java.util.List;

/**
 * Describes the JSON file that {@code dev/bench fleet} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the run
 * @param at the end of the run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the benchmark ran
 * @param version the version of the servers, for example {@code 7.0}
 * @param keysAServer the number of keys on each server, persistent and expired together
 * @param maxHeapMb the JVM's heap limit, MB
 * @param passes figures of one server alone, then of all servers at the same time
 */
record FleetBenchmarkResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long keysAServer,
        long maxHeapMb,
        List<FleetFigures> passes) {

    /**
     * Reports the cost of sweeping some servers at the same time.
     *
     * @param servers the number of servers
     * @param seconds the time until the last sweep ended, s
     * @param keysPerSecond visited keys per second on all servers together
     * @param serverCpuMicrosPerKey CPU time of all servers per key, µs
     * @param clientCpuMicrosPerKey CPU time of this process per key, µs
     * @param serversAClientCoreKeepsBusy the number of servers, each with a core of its own, that one core of the
     *     client could keep at full speed: {@code serverCpuMicrosPerKey / clientCpuMicrosPerKey}
     * @param usedHeapMb used heap at the end, MB, including garbage
     */
    record FleetFigures(
            int servers,
            double seconds,
            double keysPerSecond,
            double serverCpuMicrosPerKey,
            double clientCpuMicrosPerKey,
            double serversAClientCoreKeepsBusy,
            double usedHeapMb) {}
}
