package io.keysweep.engine.sweep;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The timing is the source of time for the engine; a test replaces it by a simulated one.
 *
 * @param clock the time of day, with which a run compares its deadline
 * @param nanoTime a monotonic clock, ns since an arbitrary moment, for all durations; it does not jump when the time of
 *     day is set
 * @param sleeper makes a thread wait
 */
public record Timing(InstantSource clock, LongSupplier nanoTime, Sleeper sleeper) {

    /** Returns the timing that uses the clocks of this machine. */
    public static Timing system() {
        return new Timing(InstantSource.system(), System::nanoTime, Thread::sleep);
    }

    /** Returns the time since a reading of {@link #nanoTime}. */
    public Duration since(long start) {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }
}
