package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The round trip of a call that costs the server nothing: what network and client take. It is the shortest of the
 * latest samples, so noise does not count and a lasting change of the way does. Not safe to share between threads.
 */
public final class RoundTripBaseline {

    private static final int SAMPLES = 32;

    private final int most;
    private final Deque<Duration> samples;
    private Optional<Duration> shortest = Optional.empty();

    /** Of the last 32 samples. */
    public RoundTripBaseline() {
        this(SAMPLES);
    }

    /** Of so many last samples. */
    public RoundTripBaseline(int most) {
        this.most = most;
        this.samples = new ArrayDeque<>(most);
    }

    /** Adds the round trip of an idle call. */
    public void add(Duration roundTrip) {
        if (samples.size() == most) {
            samples.removeFirst();
        }
        samples.addLast(roundTrip);
        // Asked for at each step, added to much less often.
        shortest = samples.stream().min(Duration::compareTo);
    }

    /** The shortest of the latest samples; empty without any. */
    public Optional<Duration> shortest() {
        return shortest;
    }

    /** How long the server was busy in a round trip; zero without samples would be a claim, so then it is all of it. */
    public Duration busy(Duration roundTrip) {
        Duration busy = roundTrip.minus(shortest().orElse(Duration.ZERO));
        return busy.isNegative() ? Duration.ZERO : busy;
    }
}
