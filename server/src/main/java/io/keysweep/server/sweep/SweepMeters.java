package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.StepTimes;
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

    /** The most values of a tag {@code reason}; further reasons count as {@link #OTHER}. */
    private static final int MAX_REASONS = 50;

    private static final String OTHER = "other";

    /** Range of the histogram of stalls: 0.1 ms to 1 s. Stalls outside count for the first or last bucket. */
    private static final Duration SHORTEST_STALL = Duration.ofNanos(100_000);

    private static final Duration LONGEST_STALL = Duration.ofSeconds(1);

    private final MeterRegistry registry;
    private final Counter visited;
    private final Counter reclaimed;
    private final Counter steps;
    private final Counter runSeconds;
    private final Counter allowedSeconds;
    private final Timer stalls;
    private final StepTimeMeters stepTimes;
    private final HoldMeters holds;

    /** Values of the tag {@code reason} so far. */
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();

    SweepMeters(MeterRegistry registry, StepTimeMeters stepTimes, HoldMeters holds) {
        this.registry = registry;
        this.stepTimes = stepTimes;
        this.holds = holds;
        visited = Counter.builder("keysweep.keys.visited")
                .description("Keys that sweeps have visited")
                .register(registry);
        reclaimed = Counter.builder("keysweep.keys.reclaimed")
                .description("Expired keys that sweeps have reclaimed")
                .register(registry);
        steps = Counter.builder("keysweep.steps")
                .description("Steps that sweeps have made")
                .register(registry);
        runSeconds = Counter.builder("keysweep.run.seconds")
                .description("Seconds in which sweeps ran, without holds")
                .register(registry);
        allowedSeconds = Counter.builder("keysweep.run.allowed.seconds")
                .description("Seconds of their servers' time that running sweeps were allowed to take")
                .register(registry);
        stalls = Timer.builder("keysweep.run.longest.stall")
                .description("The longest time that a step of a run kept its server busy")
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST_STALL)
                .maximumExpectedValue(LONGEST_STALL)
                .register(registry);
        throttled(OTHER);
    }

    /**
     * Returns a listener for one run, which counts every event and then passes it on. It must be closed after the run.
     *
     * @param sweep the sweep as it was stored before the run; only what the run adds to it is counted
     */
    RunListener counting(SweepRecord sweep, SweepListener next) {
        return new RunListener(sweep.visited(), sweep.reclaimed(), next);
    }

    private Counter throttled(String reason) {
        return Counter.builder("keysweep.throttle.seconds")
                .description("Seconds in which sweeps ran below the share of their pace, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    /**
     * Returns the value of the tag for a reason: the reason without names and figures, or {@code other} once there are
     * too many values.
     */
    private String reasonTag(String reason) {
        String kind = ReasonKind.of(reason);
        kind = kind.toLowerCase(Locale.ROOT);
        return reasons.contains(kind) || (reasons.size() < MAX_REASONS && reasons.add(kind)) ? kind : OTHER;
    }

    /** Counts the events of one run. Used by the thread of the sweep only. */
    final class RunListener implements SweepListener, AutoCloseable {

        private final SweepListener next;

        /** Totals of the sweep that are counted already. */
        private long visitedBefore;

        private long reclaimedBefore;

        /** Times of the steps of the run that are counted already. */
        private StepTimes stepTimesBefore = StepTimes.NONE;

        /** Duration of the run at the latest progress. */
        private Duration elapsed = Duration.ZERO;

        /** Time since the latest progress that the run has spent in holds. */
        private Duration heldSinceProgress = Duration.ZERO;

        /** The present hold, or null if the sweep is not on hold. */
        private HoldMeters.@Nullable RunningHold hold;

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
                    hold = holds.begin(e.cause());
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
            count(progress.visited(), progress.reclaimed(), progress.stepTimes());
            Duration ran = progress.elapsed().minus(elapsed).minus(heldSinceProgress);
            elapsed = progress.elapsed();
            heldSinceProgress = Duration.ZERO;
            if (ran.isNegative()) {
                return;
            }
            double seconds = ran.toNanos() / 1e9;
            runSeconds.increment(seconds);
            allowedSeconds.increment(seconds * progress.share());
            if (progress.slowedBy() != null) {
                throttled(reasonTag(progress.slowedBy())).increment(seconds);
            }
        }

        private void finished(SweepReport report) {
            endHold();
            count(report.visited(), report.reclaimed(), report.stepTimes());
            stalls.record(report.longestStall());
        }

        /** Adds what is new in the totals of the sweep. */
        private void count(long visitedNow, long reclaimedNow, StepTimes stepTimesNow) {
            visited.increment((double) Math.max(0, visitedNow - visitedBefore));
            reclaimed.increment((double) Math.max(0, reclaimedNow - reclaimedBefore));
            visitedBefore = visitedNow;
            reclaimedBefore = reclaimedNow;
            StepTimes added = stepTimesNow.minus(stepTimesBefore);
            stepTimesBefore = stepTimesNow;
            stepTimes.add(added);
            steps.increment((double) added.stalls().count());
        }

        private void endHold() {
            if (hold != null) {
                heldSinceProgress = heldSinceProgress.plus(hold.end());
                hold = null;
            }
        }

        /** Ends the hold that a run leaves behind if an exception ends it. */
        @Override
        public void close() {
            endHold();
        }
    }
}
