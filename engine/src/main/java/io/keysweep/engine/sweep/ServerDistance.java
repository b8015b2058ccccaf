package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import java.time.Duration;

/**
 * Decides whether a server is so far away that several steps of a sweep should be on their way at a time.
 *
 * <p>On a busy machine, calls to a near server may take long, too, but among many calls at least one is fast. A server
 * is therefore far only if all calls of a series take long. Used by the sweep's thread only.
 */
final class ServerDistance {

    /** The number of idle calls that must take long before a server counts as distant. */
    private static final int SAMPLES = 32;

    /** The number of calls that is enough if all of them are very slow. */
    private static final int VERY_FAR_SAMPLES = 6;

    /** The round trip from which a call is very slow. */
    private static final Duration VERY_FAR = Duration.ofMillis(4);

    private final boolean isFar;

    /** The shortest idle round trip of the session. */
    private Duration shortest;

    private ServerDistance(boolean isFar, Duration shortest) {
        this.isFar = isFar;
        this.shortest = shortest;
    }

    /**
     * Measures the distance of a server. If all earlier calls were very slow, they are enough. Otherwise it sends one
     * idle call to a near server, and up to 32 to a distant one.
     *
     * @param earlier the link of the earlier calls, which may have cost the server some time
     * @param database sends the idle calls; no step may be in flight on its connection
     * @throws LinkBrokenException if the connection breaks
     */
    static ServerDistance measure(TimedLink earlier, SelectedDatabase database) {
        Duration shortestEarlier = earlier.shortest().orElse(Duration.ZERO);
        if (earlier.calls() >= VERY_FAR_SAMPLES && shortestEarlier.compareTo(VERY_FAR) >= 0) {
            return new ServerDistance(/* isFar= */ true, shortestEarlier);
        }
        Duration shortest = database.timeIdleCall();
        for (int i = 1; i < SAMPLES && StepTurns.isFar(shortest); i++) {
            if (i >= VERY_FAR_SAMPLES && shortest.compareTo(VERY_FAR) >= 0) {
                return new ServerDistance(/* isFar= */ true, shortest);
            }
            Duration next = database.timeIdleCall();
            shortest = next.compareTo(shortest) < 0 ? next : shortest;
        }
        return new ServerDistance(StepTurns.isFar(shortest), shortest);
    }

    /** Records the round trip of a later idle call. */
    void add(Duration roundTrip) {
        shortest = roundTrip.compareTo(shortest) < 0 ? roundTrip : shortest;
    }

    /** Returns the shortest idle round trip of the session so far. */
    Duration shortest() {
        return shortest;
    }

    /** Returns whether the server was far when the session was opened, see {@link StepTurns#isFar}. */
    boolean isFar() {
        return isFar;
    }

    /**
     * Returns whether even at full share only steps with turns can keep the server busy, because all idle calls of the
     * session took long.
     */
    boolean needsTurns() {
        return StepTurns.isFar(shortest);
    }
}
