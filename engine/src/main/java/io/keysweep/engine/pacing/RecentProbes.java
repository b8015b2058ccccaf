package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the round trips of the latest probes, which show how long callers wait.
 *
 * <p>A probe is a DBSIZE call, which costs the server very little. The second longest of the five latest probes is
 * used. The longest may be a single late reply, which shows nothing about the server. The median would not show a
 * server that stalls often but answers immediately in between. Not safe to share between threads.
 */
public final class RecentProbes {

    /** The number of probes that are kept. */
    public static final int KEPT = 5;

    /** The smallest number of probes with which a slow server can be distinguished from a single late reply. */
    private static final int ENOUGH = 3;

    private final Deque<Duration> roundTrips = new ArrayDeque<>(KEPT);

    /** Adds a probe, and drops the oldest one of more than five. */
    public void add(Duration roundTrip) {
        if (roundTrips.size() == KEPT) {
            roundTrips.removeFirst();
        }
        roundTrips.addLast(roundTrip);
    }

    /** Drops all probes; called when the next probes come from another connection. */
    public void clear() {
        roundTrips.clear();
    }

    /** Returns whether there are enough probes for {@link #secondLongest} to describe the server. */
    public boolean areEnough() {
        return roundTrips.size() >= ENOUGH;
    }

    /** Returns the shortest of the kept probes, at least one, which comes closest to the network alone. */
    public Duration shortest() {
        return roundTrips.stream().min(Duration::compareTo).orElseThrow();
    }

    /** Returns the second longest of the kept probes. There must be at least two. */
    public Duration secondLongest() {
        return roundTrips.stream()
                .sorted()
                .skip(roundTrips.size() - 2L)
                .findFirst()
                .orElseThrow();
    }
}
