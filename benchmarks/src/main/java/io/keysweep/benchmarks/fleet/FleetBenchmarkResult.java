package io.keysweep.benchmarks.fleet;

import io.keysweep.benchmarks.result.Machine;
import java.util.List;

/**
 * Holds the results of a run of {@code dev/bench fleet}; its components are the fields of the JSON file.
 *
 * @param commandLine the command that repeats the run
 * @param at the time of the end, ISO 8601
 * @param machine the machine of the run
 * @param version the version label of the servers
 * @param keysAServer persistent and expired keys on each server
 * @param maxHeapMb the JVM's heap limit, MB
 * @param passes figures of one server alone, then of all at once
 */
record FleetBenchmarkResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long keysAServer,
        long maxHeapMb,
        List<Pass> passes) {

    /**
     * Reports the cost of sweeping some servers at the same time.
     *
     * @param servers the number of servers
     * @param seconds the time until the last sweep ended, s
     * @param keysPerSecond keys a second over all servers
     * @param serverCpuMicrosPerKey CPU time of all servers per key, µs
     * @param clientCpuMicrosPerKey CPU time of this process per key, µs
     * @param serversAClientCoreKeepsBusy the number of servers, each with a core of its own, that one core of the client
     *     could keep at full speed: {@code serverCpuMicrosPerKey / clientCpuMicrosPerKey}
     * @param usedHeapMb used heap at the end, MB, including garbage
     */
    record Pass(
            int servers,
            double seconds,
            double keysPerSecond,
            double serverCpuMicrosPerKey,
            double clientCpuMicrosPerKey,
            double serversAClientCoreKeepsBusy,
            double usedHeapMb) {}
}
