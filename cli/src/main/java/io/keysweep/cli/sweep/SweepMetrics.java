package io.keysweep.cli.sweep;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.sweep.DurationHistogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes one sweep as metrics for Prometheus, for the file of {@code keysweep sweep --metrics-file}.
 *
 * <p>All metrics have the label {@code server}, which keeps the sweeps of several servers apart. Single numbers are
 * gauges and not counters, because the file has the numbers of the last sweep only.
 */
final class SweepMetrics {

    private final MetricSnapshots.Builder metrics = MetricSnapshots.builder();
    private final Labels labels;

    private SweepMetrics(String server) {
        labels = Labels.of("server", server);
    }

    /**
     * Returns the metrics of a sweep that has ended.
     *
     * @param server URI of the server without a password
     * @param start when the command began to sweep
     * @param end when the sweep ended
     * @param exitCode exit code of the command
     * @param totals counts and times of the sweep; null if no sweep has begun, for example because the server refused
     *     it or with {@code --assist-only}. The metrics then have no counts and times
     */
    static MetricSnapshots of(String server, Instant start, Instant end, int exitCode, @Nullable SweepTotals totals) {
        SweepMetrics sweep = new SweepMetrics(server);
        boolean success = exitCode == ExitCode.DONE.number();
        sweep.addGauge("success", "Whether the last sweep was complete (1) or not (0)", success ? 1 : 0);
        sweep.addGauge("exit_code", "Exit code of the last sweep; 0 is success", exitCode);
        sweep.addGauge("start_timestamp_seconds", "When the last sweep began, as Unix time", seconds(start));
        sweep.addGauge("end_timestamp_seconds", "When the last sweep ended, as Unix time", seconds(end));
        if (totals != null) {
            sweep.add(totals);
        }
        return sweep.metrics.build();
    }

    private void add(SweepTotals totals) {
        addGauge("visited_keys", "Keys that the last sweep visited", (double) totals.visited());
        addGauge("reclaimed_keys", "Expired keys that the last sweep reclaimed", (double) totals.reclaimed());
        addGauge(
                "reclaimed_exact",
                "Whether the number of reclaimed keys is a count (1) or an estimate (0)",
                totals.exact() ? 1 : 0);
        addGauge("steps", "Steps of the last sweep", (double) totals.steps());
        addGauge(
                "longest_stall_seconds",
                "Longest time that a step of the last sweep kept a server busy",
                seconds(totals.longestStall()));
        if (totals.usedMemoryBefore() != null) {
            addGauge(
                    "used_memory_before_bytes",
                    "Memory of the server before the last sweep",
                    totals.usedMemoryBefore());
        }
        if (totals.usedMemoryAfter() != null) {
            addGauge("used_memory_after_bytes", "Memory of the server after the last sweep", totals.usedMemoryAfter());
        }
        addHistogram(
                "step_seconds",
                "Time from sending a step of the last sweep to its reply",
                totals.stepTimes().roundTrips());
        addHistogram(
                "step_stall_seconds",
                "Time for which a step of the last sweep kept its server busy",
                totals.stepTimes().stalls());
    }

    /** Adds a single number. The name gets the prefix {@code keysweep_sweep_}. */
    private void addGauge(String name, String help, double value) {
        metrics.metricSnapshot(GaugeSnapshot.builder()
                .name("keysweep_sweep_" + name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build())
                .build());
    }

    /** Adds the distribution of durations, in seconds. The name gets the prefix {@code keysweep_sweep_}. */
    private void addHistogram(String name, String help, DurationHistogram durations) {
        List<Double> bounds = new ArrayList<>();
        DurationHistogram.BOUNDS.forEach(bound -> bounds.add(seconds(bound)));
        // The last bucket counts all longer durations.
        bounds.add(Double.POSITIVE_INFINITY);
        metrics.metricSnapshot(HistogramSnapshot.builder()
                .name("keysweep_sweep_" + name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .labels(labels)
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, durations.counts()))
                        .sum(seconds(durations.total()))
                        .build())
                .build());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1e3;
    }
}
