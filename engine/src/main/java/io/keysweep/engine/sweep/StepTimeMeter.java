package io.keysweep.engine.sweep;

import java.time.Duration;
import java.util.Arrays;

/**
 * Collects how long the steps (calls that visit keys) of a run take, in histograms. Used by the sweep's thread only.
 *
 * <p>The meter counts in plain arrays and creates the histograms only when they are read. Adding a step therefore takes
 * some nanoseconds and allocates nothing.
 */
final class StepTimeMeter {

    /** The upper bounds of the buckets, ns, ascending. */
    private static final long[] BOUND_NANOS =
            DurationHistogram.BOUNDS.stream().mapToLong(Duration::toNanos).toArray();

    private final Buckets roundTrips = new Buckets();
    private final Buckets stalls = new Buckets();

    /**
     * Adds a step whose reply was received.
     *
     * @param roundTrip the time from sending the step to its reply
     * @param stall how long the step kept the server busy
     */
    void add(Duration roundTrip, Duration stall) {
        roundTrips.add(roundTrip.toNanos());
        stalls.add(stall.toNanos());
    }

    /** Returns the times of all steps so far. */
    StepTimes read() {
        return new StepTimes(roundTrips.read(), stalls.read());
    }

    /** Counts durations by bucket; the last bucket counts durations above all bounds. */
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
