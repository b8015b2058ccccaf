package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.DurationHistogram;
import io.keysweep.engine.sweep.StepTimes;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Serves the times of all steps of this process to Prometheus, as two histograms. A step is one call that visits keys.
 *
 * <p>About every 100 ms, the engine reports the steps since the last report, already counted by bucket. Histograms of
 * Micrometer accept only single values, so this class passes the buckets to the Prometheus client library directly,
 * which Micrometer also uses. Thread-safe.
 */
@Component
final class StepTimeMeters implements MultiCollector {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Times of all steps since the process started; guarded by this object. */
    private StepTimes times = StepTimes.NONE;

    StepTimeMeters(PrometheusRegistry registry) {
        registry.register(this);
    }

    /** Adds the times of steps that were not added before. */
    synchronized void add(StepTimes newTimes) {
        times = times.plus(newTimes);
    }

    @Override
    public MetricSnapshots collect() {
        StepTimes snapshot;
        synchronized (this) {
            snapshot = times;
        }
        return MetricSnapshots.of(
                histogram("keysweep_step_seconds", "Time from sending a step to its reply", snapshot.roundTrips()),
                histogram(
                        "keysweep_step_stall_seconds",
                        "Time for which a step kept its server busy",
                        snapshot.stalls()));
    }

    /** Converts durations to a histogram in the form of the Prometheus client library. */
    private static HistogramSnapshot histogram(String name, String help, DurationHistogram durations) {
        // Prometheus wants one upper bound for each bucket, in seconds; the last bucket has none.
        List<Double> bounds = new ArrayList<>();
        for (Duration bound : DurationHistogram.BOUNDS) {
            bounds.add(bound.toNanos() / NANOS_PER_SECOND);
        }
        bounds.add(Double.POSITIVE_INFINITY);
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, durations.counts()))
                        .sum(durations.total().toNanos() / NANOS_PER_SECOND)
                        .build())
                .build();
    }
}
