package io.keysweep.benchmarks.fleet;

import io.keysweep.benchmarks.result.Machine;
import java.util.List;

/**
 * All of a run, as its file has it.
 *
 * @param commandLine how to do it again
 * @param at when it ended, ISO 8601
 * @param machine where
 * @param version label of the servers
 * @param keysAServer persistent and expired keys on each
 * @param maxHeapMb most heap that the JVM may use, MB
 * @param passes one server alone, then all at once
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
     * Some servers swept at the same time.
     *
     * @param servers how many
     * @param seconds until the last was done
     * @param keysPerSecond over all servers
     * @param serverCpuMicrosPerKey CPU time of all servers over all keys, µs
     * @param clientCpuMicrosPerKey CPU time of this process over all keys, µs
     * @param serversAClientCoreKeepsBusy how many servers, each with a core of its own, one core of the client could
     *     keep at full speed: the one figure over the other
     * @param usedHeapMb heap in use at the end, MB, garbage included
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
