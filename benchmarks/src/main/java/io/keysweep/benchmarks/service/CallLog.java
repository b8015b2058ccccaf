package io.keysweep.benchmarks.service;

import io.keysweep.benchmarks.result.ResultFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Counts API calls of a benchmark by kind and HTTP status, and records their latencies.
 *
 * <p>The caller names the kind of each call, for example {@code scan: create}. Safe to share between threads.
 */
public final class CallLog {

    /** Stands for the HTTP status of a call that got no answer. */
    public static final int NO_ANSWER = 0;

    /** The longest latency that the histograms can hold, 10 minutes; a longer one is treated as that. */
    private static final long MAX_MICROS = 600_000_000;

    /**
     * Reports the calls of one kind.
     *
     * @param kind the name of the kind, for example {@code scan: create}
     * @param calls the number of calls
     * @param statuses the number of answers by HTTP status; "none" counts calls without an answer
     * @param p50Ms the median latency of answered calls, ms
     * @param p99Ms the 99th percentile of the latency of answered calls, ms
     */
    public record Calls(String kind, long calls, Map<String, Long> statuses, double p50Ms, double p99Ms) {}

    /** Holds the statuses and latencies of the calls of one kind. */
    private static final class Kind {
        final Map<String, Long> statuses = new TreeMap<>();
        final Histogram micros = new Histogram(MAX_MICROS, 3);
    }

    private final Map<String, Kind> kinds = new TreeMap<>();

    /**
     * Records one call.
     *
     * @param kind the name of the kind
     * @param status the HTTP status, or {@link #NO_ANSWER}
     * @param micros the latency in microseconds; ignored if there was no answer
     */
    public synchronized void record(String kind, int status, long micros) {
        Kind calls = kinds.computeIfAbsent(kind, ignored -> new Kind());
        calls.statuses.merge(status == NO_ANSWER ? "none" : Integer.toString(status), 1L, Long::sum);
        if (status != NO_ANSWER) {
            calls.micros.recordValue(Math.min(micros, MAX_MICROS));
        }
    }

    /** Returns the number of answers of one class of status, for example {@code 5} for 500 to 599. */
    public synchronized long answersOfClass(int hundreds) {
        return kinds.values().stream()
                .flatMap(kind -> kind.statuses.entrySet().stream())
                .filter(entry -> entry.getKey().startsWith(Integer.toString(hundreds)))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Returns the number of calls without an answer. */
    public synchronized long callsWithoutAnswer() {
        return kinds.values().stream()
                .mapToLong(kind -> kind.statuses.getOrDefault("none", 0L))
                .sum();
    }

    /** Returns the figures of all kinds of calls, ordered by the name of the kind. */
    public synchronized List<Calls> calls() {
        List<Calls> result = new ArrayList<>();
        kinds.forEach((name, kind) -> result.add(new Calls(
                name,
                kind.statuses.values().stream().mapToLong(Long::longValue).sum(),
                Map.copyOf(kind.statuses),
                ResultFile.rounded(kind.micros.getValueAtPercentile(50) / 1e3),
                ResultFile.rounded(kind.micros.getValueAtPercentile(99) / 1e3))));
        return result;
    }
}
