package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.server.timeline.ReasonKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts for Prometheus what the sweeps of this process do: keys, steps, stalls, holds and throttling.
 *
 * <p>The counters begin at 0 with the process. No metric has a tag for an instance or a scan. Thread-safe.
 */
@Component
final class SweepMeters {

    /** The most values of a tag {@code reason}; further reasons count as {@code other}. */
    private static final int MAX_REASONS = 50;

    /** Range of the histogram of stalls: 0.1 ms to 1 s. Stalls outside count for the first or last bucket. */
    private static final Duration SHORTEST_STALL = Duration.ofNanos(100_000);

    private static final Duration LONGEST_STALL = Duration.ofSeconds(1);

    private final MeterRegistry registry;
    private final Counter visited;
    private final Counter reclaimed;
    private final Counter steps;
    private final Timer stalls;

    /** Values of the tag {@code reason} so far. */
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();

    SweepMeters(MeterRegistry registry) {
        this.registry = registry;
        visited = Counter.builder("keysweep.keys.visited")
                .description("Keys that sweeps have visited")
                .register(registry);
        reclaimed = Counter.builder("keysweep.keys.reclaimed")
                .description("Expired keys that sweeps have reclaimed")
                .register(registry);
        steps = Counter.builder("keysweep.steps")
                .description("Steps that sweeps have made, counted at the end of each run")
                .register(registry);
        stalls = Timer.builder("keysweep.run.longest.stall")
                .description("The longest time that a step of a run kept its server busy")
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST_STALL)
                .maximumExpectedValue(LONGEST_STALL)
                .register(registry);
    }

    /**
     * Returns a listener for one run, which counts every event and then passes it on.
     *
     * @param sweep the sweep as it was stored before the run; only what the run adds to it is counted
     */
    SweepListener counting(SweepRecord sweep, SweepListener next) {
        return new RunListener(sweep.visited(), sweep.reclaimed(), next);
    }

    private void addSeconds(String metric, String reason, Duration duration) {
        Counter.builder(metric)
                .description("Seconds that sweeps have spent this way, by reason")
                .tag("reason", reason)
                .register(registry)
                .increment(duration.toNanos() / 1e9);
    }

    /**
     * Returns the value of the tag for a reason: the reason without names and figures, or {@code other} once there are
     * too many values.
     */
    private String reasonTag(String reason) {
        String kind = ReasonKind.of(reason);
        kind = kind.toLowerCase(Locale.ROOT);
        return reasons.contains(kind) || (reasons.size() < MAX_REASONS && reasons.add(kind)) ? kind : "other";
    }

    /** Counts the events of one run. Used by the thread of the sweep only. */
    private final class RunListener implements SweepListener {

        private final SweepListener next;

        /** Totals of the sweep that are counted already. */
        private long visitedBefore;

        private long reclaimedBefore;

        /** Duration of the run at the latest progress. */
        private Duration elapsed = Duration.ZERO;

        /** Tag of the present hold, or null if the sweep is not on hold. */
        private @Nullable String holdReason;

        private long holdBeganNanos;

        private RunListener(long visitedBefore, long reclaimedBefore, SweepListener next) {
            this.visitedBefore = visitedBefore;
            this.reclaimedBefore = reclaimedBefore;
            this.next = next;
        }

        @Override
        public void onEvent(SweepEvent event) {
            switch (event) {
                case SweepEvent.Progressed e -> progressed(e.progress());
                case SweepEvent.HoldBegan e -> {
                    endHold();
                    holdReason = e.cause().name().toLowerCase(Locale.ROOT);
                    holdBeganNanos = registry.config().clock().monotonicTime();
                }
                case SweepEvent.HoldEnded e -> endHold();
                case SweepEvent.Finished e -> finished(e.report());
                case SweepEvent.Failed e -> finished(e.report());
                case SweepEvent.Started e -> {}
                case SweepEvent.Checkpointed e -> {}
                case SweepEvent.Retuned e -> {}
            }
            next.onEvent(event);
        }

        private void progressed(SweepProgress progress) {
            count(progress.visited(), progress.reclaimed());
            if (progress.slowedBy() != null) {
                addSeconds(
                        "keysweep.throttle.seconds",
                        reasonTag(progress.slowedBy()),
                        progress.elapsed().minus(elapsed));
            }
            elapsed = progress.elapsed();
        }

        private void finished(SweepReport report) {
            endHold();
            count(report.visited(), report.reclaimed());
            steps.increment((double) report.steps());
            stalls.record(report.longestStall());
        }

        /** Adds what is new in the totals of the sweep. */
        private void count(long visitedNow, long reclaimedNow) {
            visited.increment((double) Math.max(0, visitedNow - visitedBefore));
            reclaimed.increment((double) Math.max(0, reclaimedNow - reclaimedBefore));
            visitedBefore = visitedNow;
            reclaimedBefore = reclaimedNow;
        }

        private void endHold() {
            if (holdReason != null) {
                long nanos = registry.config().clock().monotonicTime() - holdBeganNanos;
                addSeconds("keysweep.hold.seconds", holdReason, Duration.ofNanos(nanos));
                holdReason = null;
            }
        }
    }
}
