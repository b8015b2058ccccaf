package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import java.time.Duration;

/**
 * Decides whether a server is so far away that several steps of a sweep should be on their way at a time.
 *
 * <p>The round trips of <i>idle calls</i>, which cost the server next to nothing, show the distance. On a busy machine,
 * a call to a near server may also take long, but among many calls at least one is fast. A server is therefore treated
 * as far only while all calls took long. One fast call, even a later one, makes it near. Used by the sweep's thread
 * only.
 */
final class ServerDistance {

    /** The number of idle calls that must take long before a server is treated as distant. */
    private static final int SAMPLES = 32;

    /** The number of idle calls that is enough if they and all earlier calls are very slow. */
    private static final int VERY_FAR_SAMPLES = 3;

    /** A call with this round trip or a longer one is very slow. */
    private static final Duration VERY_FAR = Duration.ofMillis(4);

    /** The shortest idle round trip of the session. */
    private Duration shortest;

    private ServerDistance(Duration shortest) {
        this.shortest = shortest;
    }

    /**
     * Measures the distance of a server with idle calls.
     *
     * <ul>
     * <li>One call is enough if it is fast: the server is near.
     * <li>Three calls are enough if they and all earlier calls were very slow: the server is far.
     * <li>Otherwise, up to 32 calls are made. The server is far if all of them are slow.
     * </ul>
     *
     * @param earlier the link of the earlier calls, which may have cost the server some time
     * @param database sends the idle calls; no step may be in flight on its connection
     * @throws LinkBrokenException if the connection breaks
     */
    static ServerDistance measure(TimedLink earlier, SelectedDatabase database) {
        Duration shortest = database.timeIdleCall();
        for (int calls = 1; calls < SAMPLES && StepTurns.isFar(shortest); calls++) {
            Duration shortestOfAll = shorter(earlier.shortest().orElse(shortest), shortest);
            if (calls >= VERY_FAR_SAMPLES && shortestOfAll.compareTo(VERY_FAR) >= 0) {
                break;
            }
            shortest = shorter(database.timeIdleCall(), shortest);
        }
        return new ServerDistance(shortest);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Records the round trip of a later idle call. */
    void add(Duration roundTrip) {
        shortest = shorter(roundTrip, shortest);
    }

    /** Returns the shortest idle round trip of the session so far. */
    Duration shortest() {
        return shortest;
    }

    /**
     * Returns whether the server is far, see {@link StepTurns#isFar}, because all idle calls of the session took long.
     */
    boolean isFar() {
        return StepTurns.isFar(shortest);
    }
}
