package io.keysweep.benchmarks.service;

import io.keysweep.benchmarks.result.ResultFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What calls were answered with, and how long that took, by kind. Safe to share. */
public final class CallLog {

    /** Stands for no answer at all. */
    public static final int NO_ANSWER = 0;

    private static final long LONGEST_MICROS = 600_000_000;

    /**
     * One kind of call.
     *
     * @param statuses how often each status was answered; "none" where there was no answer
     * @param p50Ms of those that were answered, ms
     * @param p99Ms of those that were answered, ms
     */
    public record Calls(String kind, long calls, Map<String, Long> statuses, double p50Ms, double p99Ms) {}

    private static final class Kind {
        final Map<String, Long> statuses = new TreeMap<>();
        final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    }

    private final Map<String, Kind> kinds = new TreeMap<>();

    /** Notes one call. */
    public synchronized void note(String kind, int status, long micros) {
        Kind of = kinds.computeIfAbsent(kind, ignored -> new Kind());
        of.statuses.merge(status == NO_ANSWER ? "none" : Integer.toString(status), 1L, Long::sum);
        if (status != NO_ANSWER) {
            of.micros.recordValue(Math.min(micros, LONGEST_MICROS));
        }
    }

    /** How many calls there were with such a status, {@code 5} for 500 to 599. */
    public synchronized long answered(int hundreds) {
        return kinds.values().stream()
                .flatMap(kind -> kind.statuses.entrySet().stream())
                .filter(entry -> entry.getKey().startsWith(Integer.toString(hundreds)))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many were not answered. */
    public synchronized long unanswered() {
        return kinds.values().stream()
                .mapToLong(kind -> kind.statuses.getOrDefault("none", 0L))
                .sum();
    }

    /** All kinds. */
    public synchronized List<Calls> calls() {
        List<Calls> all = new ArrayList<>();
        kinds.forEach((name, kind) -> all.add(new Calls(
                name,
                kind.statuses.values().stream().mapToLong(Long::longValue).sum(),
                Map.copyOf(kind.statuses),
                ResultFile.rounded(kind.micros.getValueAtPercentile(50) / 1e3),
                ResultFile.rounded(kind.micros.getValueAtPercentile(99) / 1e3))));
        return all;
    }
}
