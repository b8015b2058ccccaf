package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.UncountedSteps;
import java.time.Duration;

/**
 * Makes sure that steps which an earlier session has sent, or still sends, can no longer run on the server.
 *
 * <p>The process that sent them may be frozen and wake up at any time, and a network may hold them back. Only when none
 * of them can run any more does the server's counter of expired keys show what all of them have reclaimed.
 *
 * @param notAfterMicros the time by the server's clock after which the server refuses to start the steps, µs since
 *     1970; 0 if they do not check it
 * @param clientId the server's id of the connection that sends the steps; 0 if unknown
 */
record EarlierSteps(long notAfterMicros, long clientId) {

    /** Longer than a step lease, which is 2 s by default. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    /** Returns the steps of a session, whose connection may be broken. */
    static EarlierSteps of(Session session) {
        return new EarlierSteps(session.stepNotAfterMicros(), session.clientId());
    }

    /** Returns the steps that may follow a checkpoint of another run. */
    static EarlierSteps of(UncountedSteps uncounted) {
        return new EarlierSteps(uncounted.notAfterMicros(), uncounted.clientId());
    }

    /**
     * Ends the steps: waits until the server refuses them, or else has the server close their connection. A cancel does
     * not shorten the wait, since the counts of a cancelled sweep must be right too.
     *
     * @param session another session with the same server process
     * @return false if the steps may still run, because the server allows neither
     */
    boolean end(Session session, RunLimits limits) throws InterruptedException {
        if (notAfterMicros == 0) {
            // Through a proxy the id may be that of another client's connection.
            return clientId != 0 && session.inspection().proxyEvidence() == null && session.closeConnection(clientId);
        }
        long began = limits.timing().nanoTime().getAsLong();
        while (session.readServerClock() <= notAfterMicros) {
            // The server's clock was set back, or it can no longer be read.
            if (limits.timing().since(began).compareTo(LONGEST_WAIT) > 0) {
                return false;
            }
            limits.waitBriefly();
        }
        return true;
    }
}
