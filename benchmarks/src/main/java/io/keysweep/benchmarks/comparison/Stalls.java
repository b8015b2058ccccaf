package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.testkit.RespClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reports how long single commands of a contender blocked the server, as the server measured it.
 *
 * @param command the command that the contender sends for a step
 * @param p50Ms the median, ms
 * @param p99Ms the 99th percentile, ms
 * @param p999Ms the 99.9th percentile, ms
 * @param longestMs the longest time, ms
 */
record Stalls(String command, double p50Ms, double p99Ms, double p999Ms, double longestMs) {

    /**
     * The commands of which a step may consist. The server measures a script or transaction, and also the SCAN commands
     * in it. So {@link #since} chooses the command with the highest median, which is the outermost one.
     */
    private static final List<String> STEPS = List.of("eval", "evalsha", "fcall", "exec", "scan");

    /** The beginning of the names of fields in INFO latencystats; the name of the command follows. */
    private static final String PREFIX = "latency_percentiles_usec_";

    /**
     * The accuracy of the server's percentiles. The slow log has exact times, but may have dropped the longest command.
     * Its longest time is used only if it is at least this part of the 100th percentile.
     */
    private static final double PERCENTILE_ACCURACY = 0.97;

    // An entry of LATENCY LATEST has the name of the event, its time, and the latest and the longest duration in ms.
    // These are indexes of such an entry.
    private static final int EVENT_NAME = 0;
    private static final int EVENT_LONGEST_MS = 3;

    // An entry of SLOWLOG GET has its number, the time, the duration in µs, and the command with its arguments. These
    // are indexes of such an entry.
    private static final int SLOW_MICROS = 2;
    private static final int SLOW_COMMAND = 3;

    /** Reads the server's statistics since their reset; returns null if they contain no step. */
    static @Nullable Stalls since(RespClient client) {
        ServerFigures latencies = ServerFigures.of(client, "latencystats");
        Stalls slowest = null;
        for (String step : STEPS) {
            String text = latencies.fields().get(PREFIX + step);
            if (text != null) {
                Stalls stalls = parse(step, text);
                if (slowest == null || stalls.p50Ms > slowest.p50Ms) {
                    slowest = stalls;
                }
            }
        }
        return slowest == null ? null : slowest.withExactLongest(client);
    }

    /**
     * Returns the longest cycle of the server's active expiry, in milliseconds. A cycle is not a command, so the value
     * comes from the latency monitor, which records cycles of 1 ms or more. Returns 0 if there is none.
     */
    static double longestExpireCycleMs(RespClient client) {
        List<?> events = (List<?>) Objects.requireNonNull(client.call("LATENCY", "LATEST"));
        return events.stream()
                .map(event -> (List<?>) event)
                .filter(event -> "expire-cycle".equals(event.get(EVENT_NAME)))
                .mapToDouble(event -> (Long) event.get(EVENT_LONGEST_MS))
                .max()
                .orElse(0);
    }

    /** Parses the value of a field such as {@code p50=1.003,p99=2.007,p99.9=3.007,p100=4.015}, in µs. */
    private static Stalls parse(String step, String text) {
        Map<String, Double> micros = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            micros.put(part.substring(0, equals), Double.parseDouble(part.substring(equals + 1)));
        }
        return new Stalls(
                step,
                micros.getOrDefault("p50", 0.0) / 1e3,
                micros.getOrDefault("p99", 0.0) / 1e3,
                micros.getOrDefault("p99.9", 0.0) / 1e3,
                micros.getOrDefault("p100", 0.0) / 1e3);
    }

    /** Returns these stalls with the longest time from the slow log, if the log still contains it. */
    private Stalls withExactLongest(RespClient client) {
        List<?> entries = (List<?>) Objects.requireNonNull(client.call("SLOWLOG", "GET", "1000"));
        double exact = entries.stream()
                .map(entry -> (List<?>) entry)
                .filter(entry -> command.equalsIgnoreCase(String.valueOf(((List<?>) entry.get(SLOW_COMMAND)).get(0))))
                .mapToDouble(entry -> (Long) entry.get(SLOW_MICROS) / 1e3)
                .max()
                .orElse(0);
        return exact < longestMs * PERCENTILE_ACCURACY ? this : new Stalls(command, p50Ms, p99Ms, p999Ms, exact);
    }
}
