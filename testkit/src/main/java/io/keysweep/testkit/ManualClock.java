package io.keysweep.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Implements a clock that moves only when a test advances it, so that tests of waits need no real time.
 *
 * <p>The clock starts at 2026-01-01T00:00:00Z. Safe to share between threads.
 */
public final class ManualClock implements InstantSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    /** Moves the clock forward. Tests also pass this method to code that expects a way to sleep. */
    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Returns the nanoseconds since the clock was created, instead of {@link System#nanoTime()}. */
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get());
    }
}
