package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.OptionalLong;

/**
 * Counts what an earlier run of the sweep reclaimed after its last checkpoint, in steps that the checkpoint does not
 * include.
 *
 * <p>Those steps are <i>uncertain</i>: the earlier run broke off before it stored their counts. A run that resumes the
 * sweep settles them first.
 *
 * <p>The server's counter of expired keys has grown since that checkpoint by what these steps reclaimed and by what
 * others expired, see {@link SweepCounts}. First, this class makes sure that none of these steps can run any more, see
 * {@link EarlierSteps}. Then it watches the counter for 300 ms while the sweep does nothing, to learn whether others
 * expire keys.
 *
 * @param checkpoint the last checkpoint of the earlier run
 */
record PreviousRun(Checkpoint checkpoint) {

    /** Waits of 50 ms; long enough for three rounds of the server's expiry cycle, which runs ten times a second. */
    private static final int WAITS_FOR_OTHER_EXPIRY = 6;

    /**
     * Counts the uncertain steps. If the connection breaks, the call reconnects and tries a second time. If that fails
     * too, the count of the sweep becomes an estimate.
     *
     * @throws NodeRefusedException if the server stays unreachable or can no longer be swept
     */
    void settleUncertainSteps(SweepState state, SessionOpener opener, RunLimits limits) throws InterruptedException {
        boolean settled = false;
        try {
            settleInTwoTries(state, opener, limits);
            settled = true;
        } finally {
            if (!settled) {
                state.counts().loseUncertainSteps(new ExpiryReading(OptionalLong.empty(), ""));
            }
        }
    }

    private void settleInTwoTries(SweepState state, SessionOpener opener, RunLimits limits)
            throws InterruptedException {
        try {
            settle(state, limits);
        } catch (LinkBrokenException e) {
            ServerInspection before = state.session().inspection();
            state.session().close();
            state.replaceSession(opener.openPatiently());
            try {
                if (Recovery.positionsStillValid(
                        opener.locator(),
                        before.replicationIdentity(),
                        state.session().inspection())) {
                    settle(state, limits);
                    return;
                }
            } catch (LinkBrokenException second) {
                e.addSuppressed(second);
            }
            throw new NodeRefusedException(
                    state.nodeId(),
                    Reason.UNREACHABLE,
                    state.nodeId() + " broke the connection repeatedly: " + e.getMessage());
        }
    }

    private void settle(SweepState state, RunLimits limits) throws InterruptedException {
        UncountedSteps uncounted = checkpoint.uncounted();
        if (uncounted == null) {
            // The earlier run ended in good order and has no uncertain step. If the counter grew, others expired keys.
            return;
        }
        Session session = state.session();
        SweepCounts counts = state.counts();
        // A new process counts from zero, so its counter shows nothing of the earlier steps.
        if (session.inspection().isOtherProcessThan(checkpoint.replicationIdentity())) {
            counts.loseUncertainSteps(session.expiryReading(session.inspection().status()));
            return;
        }
        boolean ended = EarlierSteps.of(uncounted).end(session, limits);
        // Read after the steps have ended: the inspection may be older than the last of them.
        ExpiryReading now = session.expiryReading(session.readStatus());
        boolean alone = !counts.otherExpirySeen() && now.traces().equals(uncounted.traces());
        if (now.counter().isEmpty() || now.counter().getAsLong() != checkpoint.expiredKeys()) {
            for (int i = 0; i < WAITS_FOR_OTHER_EXPIRY; i++) {
                limits.waitBriefly();
            }
            // Steps that could not be ended may still run, so growth during the waits does not show that others expire.
            alone &= !ended || session.expiryReading(session.readStatus()).equals(now);
        }
        counts.settleUncertainSteps(
                /* db= */ null,
                checkpoint.expiredKeys(),
                now,
                new SweepCounts.Settlement(uncounted.atMost(), uncounted.likely(), alone, ended));
    }
}
