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
 * Counts the work of the sweeps of this process for Prometheus: keys, steps, stalls, holds and throttling.
 *
 * <ul>
 *   <li>A step is one call that visits keys; the time for which it keeps the server busy is a stall.
 *   <li>A hold is a time without steps, for a reason such as a pause.
 *   <li>The pace of a sweep contains a share: the part of the server's time that the sweep may take. A throttled sweep
 *       takes less than this share.
 *   <li>A run is the work of one worker on a sweep without a break.
 * </ul>
 *
 * <p>The counters begin at 0 with the process. No metric has a tag for an instance or a scan. Thread-safe.
 */
@Component
final class SweepMeters {

    /**
     * Maximum number of values of the tag {@code reason}, because Prometheus stores a time series for each value.
     * Sweeps that run at the same time can exceed the maximum by a few values.
     */
    private static final int MAX_REASONS = 50;

    /** Value of the tag {@code reason} for all reasons beyond {@link #MAX_REASONS}. */
    private static final String OTHER_REASONS = "other";

    /** Upper bound of the first bucket of the histogram of stalls: 0.1 ms. */
    private static final Duration SHORTEST_STALL = Duration.ofNanos(100_000);

    /** Upper bound of the last finite bucket of the histogram of stalls. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(1);

    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final Counter visited;
    private final Counter reclaimed;
    private final Counter steps;
    private final Counter runSeconds;
    private final Counter allowedSeconds;
    private final Timer stalls;
    private final StepTimeMeters stepTimes;
    private final HoldMeters holds;

    /** Values of the tag {@code reason} until now, apart from {@link #OTHER_REASONS}. */
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
        // One counter is registered now, so that the metric exists before a sweep is throttled.
        throttleCounter(OTHER_REASONS);
    }

    /**
     * Returns a listener for one run, which counts the work in each event and then passes the event on. The caller must
     * close the listener after the run.
     *
     * @param sweep the sweep as it was stored before the run; only what the run adds to its counts is counted
     * @param next listener to which all events are passed on
     */
    RunListener newRunListener(SweepRecord sweep, SweepListener next) {
        return new RunListener(sweep.visited(), sweep.reclaimed(), next);
    }

    /** Returns the counter for a reason, and registers it if it is new. */
    private Counter throttleCounter(String reason) {
        return Counter.builder("keysweep.throttle.seconds")
                .description("Seconds in which sweeps ran below the share of their pace, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    /**
     * Returns the value of the tag for a reason: its kind, which is the reason without figures, in lower case. If
     * {@link #MAX_REASONS} other values exist already, a new one is replaced by {@code other}.
     */
    private String reasonTag(String reason) {
        String kind = ReasonKind.of(reason).toLowerCase(Locale.ROOT);
        boolean isAccepted = reasons.contains(kind) || (reasons.size() < MAX_REASONS && reasons.add(kind));
        return isAccepted ? kind : OTHER_REASONS;
    }

    /** Counts the events of one run. Only the thread of the sweep uses it. */
    final class RunListener implements SweepListener, AutoCloseable {

        private final SweepListener next;

        /** Number of visited keys of the sweep that the counter includes already. */
        private long countedVisited;

        /** Number of reclaimed keys of the sweep that the counter includes already. */
        private long countedReclaimed;

        /** Times of the run's steps that the meters include already. */
        private StepTimes countedStepTimes = StepTimes.NONE;

        /** Duration of the run at the latest progress. */
        private Duration elapsedAtProgress = Duration.ZERO;

        /** Total time of the holds that have ended since the latest progress. */
        private Duration heldSinceProgress = Duration.ZERO;

        /** The current hold, or null if the sweep is not on hold. */
        private HoldMeters.@Nullable RunningHold hold;

        private RunListener(long countedVisited, long countedReclaimed, SweepListener next) {
            this.countedVisited = countedVisited;
            this.countedReclaimed = countedReclaimed;
            this.next = next;
        }

        @Override
        public void onEvent(SweepEvent event) {
            switch (event) {
                case SweepEvent.Progressed e -> countProgress(e.progress());
                case SweepEvent.HoldBegan e -> {
                    endHold();
                    hold = holds.begin(e.cause());
                }
                case SweepEvent.HoldEnded e -> endHold();
                case SweepEvent.Finished e -> countEnd(e.report());
                case SweepEvent.Failed e -> countEnd(e.report());
                case SweepEvent.Started e -> {}
                case SweepEvent.Checkpointed e -> {}
                case SweepEvent.Retuned e -> {}
                case SweepEvent.Estimated e -> {}
            }
            next.onEvent(event);
        }

        /** Adds the growth since the last progress to the counters: work, running time, and time of throttling. */
        private void countProgress(SweepProgress progress) {
            countWork(progress.visited(), progress.reclaimed(), progress.stepTimes());
            Duration runTime = progress.elapsed().minus(elapsedAtProgress).minus(heldSinceProgress);
            elapsedAtProgress = progress.elapsed();
            heldSinceProgress = Duration.ZERO;
            if (runTime.isNegative()) {
                // Two clocks measure the run and its holds, so the difference can be below 0. A counter must not fall.
                return;
            }
            double seconds = runTime.toNanos() / NANOS_PER_SECOND;
            runSeconds.increment(seconds);
            allowedSeconds.increment(seconds * progress.share());
            if (progress.slowedBy() != null) {
                throttleCounter(reasonTag(progress.slowedBy())).increment(seconds);
            }
        }

        private void countEnd(SweepReport report) {
            endHold();
            countWork(report.visited(), report.reclaimed(), report.stepTimes());
            stalls.record(report.longestStall());
        }

        /** Adds the growth of the totals of the sweep since the last call to the counters. */
        private void countWork(long totalVisited, long totalReclaimed, StepTimes totalStepTimes) {
            // An estimate of reclaimed keys can be corrected downwards. A counter must not fall then, and must not
            // count the same keys again afterwards.
            visited.increment((double) Math.max(0, totalVisited - countedVisited));
            reclaimed.increment((double) Math.max(0, totalReclaimed - countedReclaimed));
            countedVisited = Math.max(countedVisited, totalVisited);
            countedReclaimed = Math.max(countedReclaimed, totalReclaimed);
            StepTimes newStepTimes = totalStepTimes.minus(countedStepTimes);
            countedStepTimes = totalStepTimes;
            stepTimes.add(newStepTimes);
            steps.increment((double) newStepTimes.stalls().count());
        }

        private void endHold() {
            if (hold != null) {
                heldSinceProgress = heldSinceProgress.plus(hold.end());
                hold = null;
            }
        }

        /** Ends the current hold, if there is one, because an exception may have ended the run during a hold. */
        @Override
        public void close() {
            endHold();
        }
    }
}
