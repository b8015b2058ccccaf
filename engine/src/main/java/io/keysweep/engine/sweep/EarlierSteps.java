package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.UncountedSteps;
import java.time.Duration;

/**
 * Makes sure that no step of an earlier session can still run on the server.
 *
 * <p>A step is one call that visits keys, and a session is one connection to the server. The process that
 * sends the steps may be frozen and wake up at any time, and the network may delay steps. The server's counter of
 * expired keys shows how many keys these steps reclaimed only when none of them can still run. {@link StepLease}
 * explains how the server refuses late steps.
 *
 * @param notAfterMicros the time by the server's clock after which the server refuses to start the steps, µs since
 *     1970; 0 if they do not check it
 * @param clientId the server's id of the connection that sends the steps; 0 if unknown
 */
record EarlierSteps(long notAfterMicros, long clientId) {

    /**
     * The longest wait for the server's clock: twice the step lease of a run with the usual checkpoints, 4 s. The steps
     * may start until their lease ends. If the clock runs normally, that is at most one lease away.
     */
    static final Duration LONGEST_WAIT =
            StepLease.after(SweepRequest.DEFAULT_CHECKPOINT_EVERY).multipliedBy(2);

    /** Returns the steps of a session, whose connection may be broken. */
    static EarlierSteps of(Session session) {
        return new EarlierSteps(session.stepNotAfterMicros(), session.clientId());
    }

    /** Returns the steps that may follow a checkpoint of another run. */
    static EarlierSteps of(UncountedSteps uncounted) {
        return new EarlierSteps(uncounted.notAfterMicros(), uncounted.clientId());
    }

    /**
     * Ends the steps. If they check the server's clock, the call waits until the server refuses them, for at most
     * {@link #LONGEST_WAIT}. Otherwise it makes the server close their connection. A cancel does not shorten the wait,
     * since the counts of a cancelled sweep must also be right.
     *
     * @param session another session with the same server process
     * @return false if the steps may still run: the clock cannot be read or did not advance far enough, the connection
     *     is unknown, or the server refuses to close it
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection of {@code session} breaks
     */
    boolean end(Session session, RunLimits limits) throws InterruptedException {
        if (notAfterMicros == 0) {
            // Behind a proxy, the id may belong to the connection of another client.
            return clientId != 0 && session.inspection().proxyEvidence() == null && session.closeConnection(clientId);
        }
        long began = limits.timing().nanoTime().getAsLong();
        while (session.readServerClock() <= notAfterMicros) {
            // The server's clock was set back, or can no longer be read and is treated as 0. More waiting would not
            // help.
            if (limits.timing().since(began).compareTo(LONGEST_WAIT) > 0) {
                return false;
            }
            limits.waitBriefly();
        }
        return true;
    }
}
