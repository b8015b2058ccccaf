package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import java.time.Duration;

/**
 * Measures whether a server is so far away that several steps of a sweep should be on their way at a time.
 *
 * <p>On a busy machine, calls to a near server may take long, too, but among many calls at least one is fast. A server
 * is therefore far only if all calls of a series take long.
 */
final class ServerDistance {

    /** The number of idle calls that must take long before a server counts as distant. */
    private static final int SAMPLES = 32;

    /** The number of idle calls that is enough if all of them are very slow. */
    private static final int VERY_FAR_SAMPLES = 6;

    /** The round trip from which a call is very slow. */
    private static final Duration VERY_FAR = Duration.ofMillis(5);

    private ServerDistance() {}

    /**
     * Returns whether a server is far, see {@link StepTurns#isFar}. Sends one idle call to a near server, and up to 32
     * to a distant one.
     *
     * @param database sends the calls; no step may be in flight on its connection
     * @throws LinkBrokenException if the connection breaks
     */
    static boolean isFar(SelectedDatabase database) {
        Duration shortest = database.timeIdleCall();
        for (int i = 1; i < SAMPLES && StepTurns.isFar(shortest); i++) {
            if (i >= VERY_FAR_SAMPLES && shortest.compareTo(VERY_FAR) >= 0) {
                return true;
            }
            Duration next = database.timeIdleCall();
            shortest = next.compareTo(shortest) < 0 ? next : shortest;
        }
        return StepTurns.isFar(shortest);
    }
}
