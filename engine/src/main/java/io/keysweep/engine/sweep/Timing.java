package io.keysweep.engine.sweep;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Where a sweep's time comes from.
 *
 * @param clock time of day, for the deadline only
 * @param nanoTime a clock that never jumps, ns, for everything else
 * @param sleeper what waits
 */
public record Timing(InstantSource clock, LongSupplier nanoTime, Sleeper sleeper) {

    /** The time of the machine. */
    public static Timing system() {
        return new Timing(InstantSource.system(), System::nanoTime, Thread::sleep);
    }

    /** Time since a reading of {@link #nanoTime}. */
    public Duration since(long start) {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }
}
