package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.testkit.RespClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long single commands of a contender kept the server from everything else, by the server's own clock.
 *
 * @param command the command that was measured: what the contender sends for one step
 * @param p50Ms median, ms
 * @param p99Ms 99th percentile, ms
 * @param p999Ms 99.9th percentile, ms
 * @param longestMs longest one, ms
 */
record Stalls(String command, double p50Ms, double p99Ms, double p999Ms, double longestMs) {

    /** What a step may be made of; where they are nested, the outer one takes longest. */
    private static final List<String> STEPS = List.of("eval", "evalsha", "fcall", "exec", "scan");

    private static final String PREFIX = "latency_percentiles_usec_";
    /** The server keeps percentiles with two digits, the slow log keeps exact times, but only the latest. */
    private static final double SLACK = 0.97;

    /** What the server has kept since its statistics were reset, or null if no step was seen. */
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

    /** Longest run of the server's own expiry, ms: no command, so the latency monitor has it, from 1 ms up. */
    static double longestExpireCycleMs(RespClient client) {
        List<?> events = (List<?>) Objects.requireNonNull(client.call("LATENCY", "LATEST"));
        return events.stream()
                .map(event -> (List<?>) event)
                .filter(event -> "expire-cycle".equals(event.get(0)))
                .mapToDouble(event -> (Long) event.get(3))
                .max()
                .orElse(0);
    }

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

    private Stalls withExactLongest(RespClient client) {
        List<?> entries = (List<?>) Objects.requireNonNull(client.call("SLOWLOG", "GET", "1000"));
        double exact = entries.stream()
                .map(entry -> (List<?>) entry)
                .filter(entry -> command.equalsIgnoreCase(String.valueOf(((List<?>) entry.get(3)).get(0))))
                .mapToDouble(entry -> (Long) entry.get(2) / 1e3)
                .max()
                .orElse(0);
        return exact < longestMs * SLACK ? this : new Stalls(command, p50Ms, p99Ms, p999Ms, exact);
    }
}
