package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers a sweep when its connection breaks, or when the sweep needs a new session for another reason.
 *
 * <p>A sweep visits all keys of a primary in steps (one call each), so that the server reclaims the expired ones
 * (removes them and frees their memory). The steps are sent over a {@link Session}, which is one connection to the
 * primary. Other reasons for a new session are swapped databases and a primary that has moved.
 *
 * <p>A position says how far the steps have come. It is confirmed once a {@link Checkpointer} has found that the server
 * was able to reclaim in all steps before it. The recovery is the same for every cause:
 *
 * <ol>
 * <li>Close the connection and go back to the last confirmed positions.
 * <li>Report a checkpoint, and hold (send no steps, and show the user why) until a new session is open.
 * <li>Make sure that the uncertain steps, which were sent but not answered, can no longer run, and count the keys that
 * they have reclaimed.
 * <li>Continue at the confirmed positions if they are still valid; otherwise start the pass over all databases again.
 * </ol>
 *
 * <p>Used by the sweep's thread only.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /**
     * The largest number of failures in a row; one more ends the sweep as failed. The server then passes every
     * inspection, but no position is ever confirmed, so it will not recover. A failure is not counted if the next steps
     * are made smaller or use no key names, since these steps may succeed.
     */
    private static final int MAX_FAILURES_IN_A_ROW = 5;

    private final SweepState state;
    private final SessionOpener opener;
    private final ContinuityCheck continuity;
    private final PassStarter passStarter;
    private final PaceController paceController;
    private final RunLimits limits;
    private final HoldStarter holdStarter;
    private final StepRestraint restraint;

    /** The number of failures since a position was last confirmed. */
    private int failuresInARow;

    /** The confirmed positions at the last failure. */
    private List<DatabasePosition> positionsAtLastFailure = List.of();

    /**
     * Creates the recovery of one run.
     *
     * @param continuity checks whether the server behind a new session still has the data of the sweep
     * @param passStarter starts the pass again if the positions are no longer valid
     * @param holdStarter starts the holds during which a new session is opened
     */
    Recovery(
            SweepState state,
            SessionOpener opener,
            ContinuityCheck continuity,
            PassStarter passStarter,
            PaceController paceController,
            RunLimits limits,
            HoldStarter holdStarter,
            StepRestraint restraint) {
        this.state = state;
        this.opener = opener;
        this.continuity = continuity;
        this.passStarter = passStarter;
        this.paceController = paceController;
        this.limits = limits;
        this.holdStarter = holdStarter;
        this.restraint = restraint;
    }

    /**
     * Opens a new session and counts the uncertain steps. Blocks, in a hold, until the server can be swept again. If
     * the run is cancelled or its deadline passes first, the call returns without a new session. The steps in flight
     * then stay uncertain, and the session in the state stays closed.
     *
     * @param failure the failure of the session; its message becomes the reason of the hold
     * @param progressReporter reports a checkpoint before the hold, and another one with the new session
     * @throws NodeRefusedException if the server can no longer be swept, stays unreachable for longer than the sweep's
     *     patience (60 s by default), or breaks the connection too often in a row
     */
    void recover(LinkBrokenException failure, ProgressReporter progressReporter) throws InterruptedException {
        String nodeId = state.nodeId();
        log.warn("{}: {}; reconnecting", nodeId, failure.getMessage());
        log.debug("{}: cause", nodeId, failure);
        state.session().close();
        state.plan().revert();
        progressReporter.reportCheckpointWithoutSteps();
        try (Hold hold = holdStarter.start("reconnecting: " + failure.getMessage(), holdCause(failure))) {
            boolean hasProgressed = forgetFailuresAfterProgress();
            if (!restrain(hasProgressed)) {
                countFailure(failure);
            }
            Session newSession = opener.openWhenBack(hold);
            while (newSession != null && !continueWith(newSession)) {
                newSession = opener.openWhenBack(hold);
            }
            if (newSession != null) {
                // The uncertain steps are settled; no later run may settle them again.
                progressReporter.reportCheckpointWithoutSteps();
            }
        }
    }

    /** Returns the cause of the hold that the user sees. Swapped databases are not a fault of the connection. */
    private static HoldCause holdCause(LinkBrokenException failure) {
        return SwapWatch.SWAPPED.equals(failure.getMessage()) || SwapWatch.COUNT_RESET.equals(failure.getMessage())
                ? HoldCause.SERVER
                : HoldCause.CONNECTION;
    }

    /**
     * Starts the count of failures again if a position was confirmed since the last failure; returns whether one was.
     */
    private boolean forgetFailuresAfterProgress() {
        List<DatabasePosition> positions = state.plan().confirmedPositions();
        boolean hasProgressed = !positions.equals(positionsAtLastFailure);
        positionsAtLastFailure = positions;
        if (hasProgressed) {
            failuresInARow = 0;
        }
        return hasProgressed;
    }

    /** Counts a failure, and refuses the server after too many in a row without progress between them. */
    private void countFailure(LinkBrokenException failure) {
        if (++failuresInARow > MAX_FAILURES_IN_A_ROW) {
            // An unexpected reply that is no error shows that no Redis server answers; an error comes from a server.
            boolean isNotRedis = failure.getCause() instanceof UnexpectedReplyException reply && reply.error() == null;
            throw new NodeRefusedException(
                    state.nodeId(),
                    isNotRedis ? Reason.NOT_REDIS : Reason.NOT_RECLAIMING,
                    state.nodeId() + " fails every step: " + failure.getMessage()
                            + (restraint.stepsShortened() ? ", also with COUNT " + restraint.maxCount() : "")
                            + "; see the server's log, and its client-output-buffer-limit if key names are long");
        }
    }

    /**
     * Limits the next steps if a step may have broken the connection, see {@link StepRestraint}.
     *
     * @param hasProgressed whether a position was confirmed since the last failure
     * @return whether the next steps differ from the steps that failed
     */
    private boolean restrain(boolean hasProgressed) {
        OptionalInt largestCount =
                state.stepsInFlight().stream().mapToInt(InFlightStep::count).max();
        // No step was in flight, so none can be the cause.
        if (largestCount.isEmpty()) {
            return false;
        }
        if (state.session().inspection().method().sendsNames() && restraint.avoidNames()) {
            return true;
        }
        // A first failure may have had nothing to do with the size of the step.
        return !hasProgressed && restraint.halve(largestCount.getAsInt());
    }

    /**
     * Counts the uncertain steps over a new session, and makes it the session of the sweep. If the new session breaks
     * first, counts a failure and returns false.
     */
    private boolean continueWith(Session newSession) throws InterruptedException {
        Session brokenSession = state.session();
        boolean isSettled = false;
        try {
            settleUncertainSteps(brokenSession, newSession);
            isSettled = true;
        } catch (LinkBrokenException e) {
            countFailure(e);
            return false;
        } finally {
            if (!isSettled) {
                newSession.close();
            }
        }
        state.replaceSession(newSession);
        ServerInspection newInspection = newSession.inspection();
        if (!continuity.positionsStillValid(brokenSession.inspection().replicationIdentity(), newInspection)) {
            passStarter.restart(state);
        }
        // These steps are settled, and the plan sends new steps for their segments.
        state.stepsInFlight().clear();
        paceController.restart(newInspection.summary().profile().lazyFree());
        return true;
    }

    /**
     * Counts the steps in flight of the broken session by the server's counter of expired keys, see {@link
     * SweepCounts}. If another server process answers now, records that the steps cannot be counted. If the server may
     * lack deletions, records that reclaimed keys may be back.
     */
    private void settleUncertainSteps(Session brokenSession, Session newSession) throws InterruptedException {
        // The counter of another process starts at zero, so it does not include the steps.
        boolean isOtherProcess = newSession
                .inspection()
                .isOtherProcessThan(brokenSession.inspection().replicationIdentity());
        if (isOtherProcess || state.stepsInFlight().isEmpty()) {
            trackCounter(newSession, isOtherProcess);
        } else {
            settleByCounter(brokenSession, newSession);
        }
        // Returned keys are recorded after the steps in flight, because the keys that these reclaimed may also be back.
        continuity.recordReturnedKeys(
                state,
                brokenSession.inspection().replicationIdentity(),
                brokenSession.address().toString(),
                newSession);
    }

    /** Tracks the server's counter over the new session; called if the counter cannot settle any step. */
    private void trackCounter(Session newSession, boolean isOtherProcess) {
        SweepCounts counts = state.counts();
        ExpiryReading reading = newSession.expiryReading(newSession.inspection().status());
        if (!state.stepsInFlight().isEmpty()) {
            counts.loseUncertainSteps(reading);
        } else if (isOtherProcess) {
            counts.trackNewProcess(reading);
        } else {
            counts.compareWithServer(reading);
        }
    }

    /** Makes sure that the steps in flight can no longer run, and counts them by the growth of the server's counter. */
    private void settleByCounter(Session brokenSession, Session newSession) throws InterruptedException {
        SweepCounts counts = state.counts();
        boolean stepsEnded = EarlierSteps.of(brokenSession).end(newSession, limits);
        // The counter is read only now: while a step can still run, the counter may not include its keys.
        ExpiryReading reading = newSession.expiryReading(newSession.readStatus());
        boolean othersUnseen = !counts.otherExpirySeen() && reading.traces().equals(counts.traces());

        long atMost = UncertainSteps.maxReclaimedBy(state.stepsInFlight());
        // The COUNTs of these steps are known, so the upper bound is close enough to the probable number.
        long likely = atMost;
        // All steps run in one database, since no other database is selected while a step is in flight.
        int db = state.stepsInFlight().getFirst().walk().db();
        counts.settleUncertainSteps(
                db,
                counts.expectedServerCounter(),
                reading,
                new SweepCounts.Settlement(atMost, likely, othersUnseen, stepsEnded));
    }
}
