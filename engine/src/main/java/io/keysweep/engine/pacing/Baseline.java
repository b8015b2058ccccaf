package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The round trip of a call that costs the server nothing: what network and client take. It is the shortest of the
 * latest samples, so noise does not count and a lasting change of the way does. Not safe to share between threads.
 */
public final class Baseline {

    private static final int SAMPLES = 32;

    private final Deque<Duration> samples = new ArrayDeque<>(SAMPLES);

    /** Adds the round trip of an idle call. */
    public void add(Duration roundTrip) {
        if (samples.size() == SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(roundTrip);
    }

    /** How long the server was busy in a round trip; zero without samples would be a claim, so then it is all of it. */
    public Duration busy(Duration roundTrip) {
        Duration idle = samples.stream().min(Duration::compareTo).orElse(Duration.ZERO);
        Duration busy = roundTrip.minus(idle);
        return busy.isNegative() ? Duration.ZERO : busy;
    }
}
