package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Estimates the round trip that network and client alone take, from calls that cost the server very little.
 *
 * <p>A sweep subtracts the estimate from the round trip of a step to learn how long the step kept the server busy.
 *
 * <p>The estimate is the shortest of the latest samples. A single late reply therefore does not raise it. A lasting
 * change of the network raises it once the older samples have been dropped. Not safe to share between threads.
 */
public final class RoundTripBaseline {

    /**
     * The default number of samples. It is high enough that a burst of late replies does not raise the estimate, and
     * low enough that the estimate soon follows a change of the network.
     */
    private static final int DEFAULT_SAMPLES = 32;

    private final int maxSamples;
    private final Deque<Duration> samples;
    private Optional<Duration> shortest = Optional.empty();

    /** Creates a baseline of the latest {@value #DEFAULT_SAMPLES} samples. */
    public RoundTripBaseline() {
        this(DEFAULT_SAMPLES);
    }

    /** Creates a baseline of the latest {@code maxSamples} samples; at least 1. */
    public RoundTripBaseline(int maxSamples) {
        this.maxSamples = maxSamples;
        this.samples = new ArrayDeque<>(maxSamples);
    }

    /** Adds the round trip of a call that costs the server very little. */
    public void add(Duration roundTrip) {
        if (samples.size() == maxSamples) {
            samples.removeFirst();
        }
        samples.addLast(roundTrip);
        // The minimum is found here, because this method is called much less often than shortest().
        shortest = samples.stream().min(Duration::compareTo);
    }

    /** Returns the shortest of the latest samples, or empty if there are none. */
    public Optional<Duration> shortest() {
        return shortest;
    }

    /**
     * Returns how long the server was busy in a round trip: the round trip minus the baseline, but not below zero.
     * Without samples, the whole round trip is treated as busy.
     */
    public Duration busyTime(Duration roundTrip) {
        Duration busy = roundTrip.minus(shortest().orElse(Duration.ZERO));
        return busy.isNegative() ? Duration.ZERO : busy;
    }
}
