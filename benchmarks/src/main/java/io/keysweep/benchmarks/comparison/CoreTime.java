package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the main thread of a server on this machine has had of its core since it began, by Linux.
 *
 * @param preempted how often it was taken off the core while it had work
 * @param waitedNanos how long it had work but no core, ns
 */
record CoreTime(long preempted, long waitedNanos) {

    /** As it is now; null where the system does not tell. */
    static @Nullable CoreTime of(RespClient client) {
        Path process =
                Path.of("/proc", ServerFigures.of(client, "server").fields().getOrDefault("process_id", "none"));
        try {
            String preempted = Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith("nonvoluntary_ctxt_switches:"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no count of switches"));
            // Time on a core, time in wait for one, and how often it got one: Documentation/scheduler/sched-stats.rst.
            String[] times =
                    Files.readString(process.resolve("schedstat")).strip().split(" ", -1);
            return new CoreTime(
                    Long.parseLong(
                            preempted.substring(preempted.indexOf(':') + 1).strip()),
                    Long.parseLong(times[1]));
        } catch (IOException e) {
            return null;
        }
    }
}
