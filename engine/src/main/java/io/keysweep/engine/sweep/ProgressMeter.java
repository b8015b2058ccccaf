package io.keysweep.engine.sweep;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How much of a sweep is done, and about how long the rest takes. Used by the sweep's thread.
 *
 * <p>The fraction never goes backwards and never above 1. Where a plan is taken up that has less behind it than was told
 * before, since the sweep was resumed or the server restarted, its own progress from there on is spread over what is left:
 * so the fraction neither falls nor stands still until the plan has caught up.
 *
 * <p>The time left follows from the speed of the last {@value #WINDOW_SECONDS} s of sweeping at the present pace. Holds stop
 * the clock: they say nothing about the speed, and nobody knows whether there will be more.
 */
final class ProgressMeter {

    private static final int WINDOW_SECONDS = 30;
    private static final Duration WINDOW = Duration.ofSeconds(WINDOW_SECONDS);
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(2);
    /** Longer ones mean that it hardly moves. */
    private static final Duration LONGEST_REMAINDER = Duration.ofDays(365);

    /** @param at time swept until then, holds left out */
    private record Sample(Duration at, double fraction) {}

    private final Timing timing;
    private final long began;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Duration held = Duration.ZERO;
    private long holdBegan;
    private boolean holding;
    private double told;
    private double planAtStart;
    private double toldAtStart;

    /** @param fraction what was told last of this sweep, by an earlier run; 0 if there was none */
    ProgressMeter(Timing timing, double fraction) {
        this.timing = timing;
        began = timing.nanoTime().getAsLong();
        told = Math.clamp(fraction, 0.0, 1.0);
    }

    /** A listener that also stops the clock during holds, and forgets the speed of another pace. */
    SweepListener watching(SweepListener listener) {
        return event -> {
            if (event instanceof SweepEvent.HoldBegan && !holding) {
                holding = true;
                holdBegan = timing.nanoTime().getAsLong();
            } else if (event instanceof SweepEvent.HoldEnded && holding) {
                holding = false;
                held = held.plus(timing.since(holdBegan));
            } else if (event instanceof SweepEvent.Retuned) {
                samples.clear();
            }
            listener.onEvent(event);
        };
    }

    /** A plan is taken up, so much of which is covered. */
    void planned(double covered) {
        planAtStart = covered;
        toldAtStart = told;
    }

    /** What part of the sweep is done, now that so much of the plan is covered; 0 to 1. */
    double fraction(double covered) {
        double left = 1 - planAtStart;
        double since = left <= 0 ? 1 : (covered - planAtStart) / left;
        double now = covered >= 1 ? 1 : toldAtStart + (1 - toldAtStart) * since;
        told = Math.clamp(now, told, 1.0);
        return told;
    }

    /** About how long the rest takes at the speed of late, without holds; null while that cannot be told. */
    @Nullable Duration remaining() {
        Duration now = timing.since(began).minus(held).minus(holding ? timing.since(holdBegan) : Duration.ZERO);
        keep(now);
        if (told >= 1) {
            return Duration.ZERO;
        }
        Sample oldest = samples.getFirst();
        Duration passed = now.minus(oldest.at());
        double done = told - oldest.fraction();
        if (passed.compareTo(SHORTEST_WINDOW) < 0 || done <= 0) {
            return null;
        }
        double nanos = (1 - told) / done * passed.toNanos();
        return nanos > LONGEST_REMAINDER.toNanos() ? null : Duration.ofNanos(Math.round(nanos));
    }

    private void keep(Duration now) {
        Sample newest = samples.peekLast();
        if (newest == null || now.minus(newest.at()).compareTo(SAMPLE_EVERY) >= 0) {
            samples.addLast(new Sample(now, told));
        }
        // The oldest stays until the next one is old enough to stand for the whole window.
        while (samples.size() > 1 && olderThanTheWindow(second(), now)) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    private static boolean olderThanTheWindow(Sample sample, Duration now) {
        return now.minus(sample.at()).compareTo(WINDOW) >= 0;
    }
}
