package io.keysweep.engine.sweep;

import java.time.Duration;
import java.util.Arrays;

/**
 * Measures how long the steps of a run take. Used by the sweep's thread only.
 *
 * <p>To add a step costs some nanoseconds and allocates nothing; the histograms are made only when they are read.
 */
final class StepTimeMeter {

    private static final long[] BOUND_NANOS =
            DurationHistogram.BOUNDS.stream().mapToLong(Duration::toNanos).toArray();

    private final Buckets roundTrips = new Buckets();
    private final Buckets stalls = new Buckets();

    /** Adds a step whose reply was received. */
    void add(Duration roundTrip, Duration stall) {
        roundTrips.add(roundTrip.toNanos());
        stalls.add(stall.toNanos());
    }

    /** Returns the times of all steps so far. */
    StepTimes read() {
        return new StepTimes(roundTrips.read(), stalls.read());
    }

    /** Counts durations by bucket. */
    private static final class Buckets {

        private final long[] counts = new long[BOUND_NANOS.length + 1];
        private long totalNanos;

        private void add(long nanos) {
            int bucket = 0;
            while (bucket < BOUND_NANOS.length && nanos > BOUND_NANOS[bucket]) {
                bucket++;
            }
            counts[bucket]++;
            totalNanos += nanos;
        }

        private DurationHistogram read() {
            return new DurationHistogram(Arrays.stream(counts).boxed().toList(), Duration.ofNanos(totalNanos));
        }
    }
}
