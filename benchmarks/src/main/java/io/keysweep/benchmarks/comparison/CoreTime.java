package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reports how often and how long a server's main thread lacked a processor core since its start.
 *
 * <p>A long stall may come from the machine and not from the command that was measured. These values, which Linux
 * keeps, show such stalls.
 *
 * @param preempted how often the thread was taken off its core while it had work
 * @param waitedNanos how long the thread had work but no core, ns
 */
record CoreTime(long preempted, long waitedNanos) {

    /**
     * Reads the current values of the server behind {@code client}, which must run on this machine. Returns null on
     * systems that do not provide them.
     */
    static @Nullable CoreTime of(RespClient client) {
        Path process =
                Path.of("/proc", ServerFigures.of(client, "server").fields().getOrDefault("process_id", "none"));
        try {
            String preemptionLine = Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith("nonvoluntary_ctxt_switches:"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no count of context switches"));
            // The file has three numbers: the time on a core, the time waiting for a core, both in ns, and the number
            // of time slices. See Linux, Documentation/scheduler/sched-stats.rst.
            String[] times =
                    Files.readString(process.resolve("schedstat")).strip().split(" ", -1);
            return new CoreTime(
                    Long.parseLong(preemptionLine
                            .substring(preemptionLine.indexOf(':') + 1)
                            .strip()),
                    Long.parseLong(times[1]));
        } catch (IOException e) {
            return null;
        }
    }
}
