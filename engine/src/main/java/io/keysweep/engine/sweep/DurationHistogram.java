package io.keysweep.engine.sweep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds the number of durations in each of some fixed buckets, and the sum of the durations. Immutable.
 *
 * <p>{@link StepTimes} holds two of them: the times of the steps of a sweep.
 *
 * @param counts the number of durations in each bucket, one more than there are {@link #BOUNDS}. Bucket {@code i}
 *     counts durations above the previous bound, up to and including bound {@code i}. The last bucket counts all longer
 *     durations.
 * @param total the sum of all durations
 */
public record DurationHistogram(List<Long> counts, Duration total) {

    /** The upper bounds of the buckets in ascending order, from 50 µs to 1 s. */
    public static final List<Duration> BOUNDS = Stream.of(
                    0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0)
            .map(millis -> Duration.ofNanos(Math.round(millis * 1e6)))
            .toList();

    /** The histogram of no durations. */
    public static final DurationHistogram EMPTY =
            new DurationHistogram(Collections.nCopies(BOUNDS.size() + 1, 0L), Duration.ZERO);

    public DurationHistogram {
        counts = List.copyOf(counts);
        if (counts.size() != BOUNDS.size() + 1) {
            throw new IllegalArgumentException(
                    "counts has " + counts.size() + " buckets, must have " + (BOUNDS.size() + 1));
        }
    }

    /** Returns the number of durations in all buckets. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the histogram of the durations of both histograms. */
    public DurationHistogram plus(DurationHistogram other) {
        return add(other, 1);
    }

    /**
     * Returns the histogram of the durations that were added after an earlier state of this histogram.
     *
     * @param earlier a histogram whose durations are all part of this one
     */
    public DurationHistogram minus(DurationHistogram earlier) {
        return add(earlier, -1);
    }

    private DurationHistogram add(DurationHistogram other, int factor) {
        List<Long> sums = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + factor * other.counts.get(i));
        }
        return new DurationHistogram(sums, total.plus(other.total.multipliedBy(factor)));
    }
}
