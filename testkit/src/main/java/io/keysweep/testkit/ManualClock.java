package io.keysweep.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that only moves when a test says so. Safe to share between threads. */
public final class ManualClock implements InstantSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    /** Moves the time on; fits wherever something that waits is asked for. */
    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Time since the clock was made, ns; fits wherever {@link System#nanoTime()} does. */
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get());
    }
}
