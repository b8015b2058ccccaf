package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.SweepPlan;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers a sweep when its connection breaks, or when the sweep needs a new session for another reason.
 *
 * <p>A sweep visits all keys of a primary in steps (small SCAN calls), so that the server reclaims the expired ones,
 * that is, removes them and frees their memory. The steps are sent over a {@link Session}, which is one connection to
 * the primary. A position says how far the steps have come; it is confirmed once a {@link Checkpointer} has found that
 * the server was able to reclaim up to there. Other reasons for a new session are swapped databases and a primary that
 * has moved. There is one procedure for every cause:
 *
 * <ol>
 *   <li>Close the connection and go back to the last confirmed positions.
 *   <li>Report a checkpoint, and hold (send no steps, and show the user why) until a new session is open.
 *   <li>Make sure that the uncertain steps, which were sent but not answered, can no longer run, and count what they
 *       have reclaimed.
 *   <li>Continue at the confirmed positions if they are still valid; otherwise start the pass over all databases again.
 * </ol>
 *
 * <p>Used by the sweep's thread only.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /**
     * The number of failures in a row after which one more ends the sweep as failed. A server that passes every
     * inspection, and with which no position is confirmed nevertheless, will not recover. A failure does not count if
     * the next steps are made smaller or use no key names, since these steps may succeed.
     */
    private static final int MAX_FAILURES_IN_A_ROW = 5;

    private final SweepState state;
    private final SessionOpener opener;
    private final PrimaryLocator locator;
    private final SlotWatch slotWatch;
    private final PaceController paceController;
    private final ProgressMeter progressMeter;
    private final RandomGenerator seeds;
    private final RunLimits limits;
    private final HoldStarter holdStarter;
    private final StepRestraint restraint;

    /** Failures since a position was last confirmed. */
    private int failuresInARow;

    /** The confirmed positions at the last failure. */
    private List<DatabasePosition> positionsAtLastFailure = List.of();

    /**
     * Creates the recovery of one run.
     *
     * @param seeds supplies the seed for the random segment order of a new plan
     * @param holdStarter starts the holds during which a new session is opened
     */
    Recovery(
            SweepState state,
            SessionOpener opener,
            PrimaryLocator locator,
            SlotWatch slotWatch,
            PaceController paceController,
            ProgressMeter progressMeter,
            RandomGenerator seeds,
            RunLimits limits,
            HoldStarter holdStarter,
            StepRestraint restraint) {
        this.state = state;
        this.opener = opener;
        this.locator = locator;
        this.slotWatch = slotWatch;
        this.paceController = paceController;
        this.progressMeter = progressMeter;
        this.seeds = seeds;
        this.limits = limits;
        this.holdStarter = holdStarter;
        this.restraint = restraint;
    }

    /**
     * Opens a new session and counts the uncertain steps. Blocks, in a hold, until the server can be swept again. If
     * the run is cancelled or its deadline passes first, the call returns without a new session: the steps in flight
     * stay uncertain, and the session in the state stays closed.
     *
     * @param broken what broke the session; its message becomes the reason of the hold
     * @param progressReporter reports a checkpoint before the hold, and another one with the new session
     * @throws NodeRefusedException if the server cannot be swept any more, stays unreachable for longer than the
     *     sweep's patience, or breaks the connection too often in a row
     */
    void recover(LinkBrokenException broken, ProgressReporter progressReporter) throws InterruptedException {
        String nodeId = state.nodeId();
        log.warn("{}: {}; reconnecting", nodeId, broken.getMessage());
        log.debug("{}: cause", nodeId, broken);
        state.session().close();
        state.plan().revert();
        progressReporter.reportCheckpointWithoutSteps();
        try (Hold hold = holdStarter.start("reconnecting: " + broken.getMessage(), causeOfHold(broken))) {
            boolean hasProgressed = forgetFailuresAfterProgress();
            if (!restrain(hasProgressed)) {
                countFailure(broken);
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

    /** Returns what the user sees as the cause of the hold: swapped databases are no fault of the connection. */
    private static HoldCause causeOfHold(LinkBrokenException broken) {
        return SwapWatch.SWAPPED.equals(broken.getMessage()) || SwapWatch.COUNT_RESET.equals(broken.getMessage())
                ? HoldCause.SERVER
                : HoldCause.CONNECTION;
    }

    /**
     * Starts the count of failures again if a position was confirmed since the last failure; returns whether one was.
     */
    private boolean forgetFailuresAfterProgress() {
        List<DatabasePosition> positions = state.plan().confirmed();
        boolean hasProgressed = !positions.equals(positionsAtLastFailure);
        positionsAtLastFailure = positions;
        if (hasProgressed) {
            failuresInARow = 0;
        }
        return hasProgressed;
    }

    /** Counts a failure, and refuses the server after too many in a row without progress between them. */
    private void countFailure(LinkBrokenException broken) {
        if (++failuresInARow > MAX_FAILURES_IN_A_ROW) {
            // An unexpected reply that is no error shows that no Redis server answers; an error comes from a server.
            boolean isNotRedis = broken.getCause() instanceof UnexpectedReplyException reply && reply.error() == null;
            throw new NodeRefusedException(
                    state.nodeId(),
                    isNotRedis ? Reason.NOT_REDIS : Reason.NOT_RECLAIMING,
                    state.nodeId() + " fails every step: " + broken.getMessage()
                            + (restraint.stepsShortened() ? ", also with COUNT " + restraint.maxCount() : "")
                            + "; see the server's log, and its client-output-buffer-limit if key names are long");
        }
    }

    /**
     * Restrains the next steps if a step may have broken the connection, see {@link StepRestraint}.
     *
     * @param hasProgressed whether a position was confirmed since the last failure
     * @return whether the next steps differ from those that failed
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
        Session broken = state.session();
        boolean isSettled = false;
        try {
            settleUncertainSteps(broken, newSession);
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
        ServerInspection now = newSession.inspection();
        if (!positionsStillValid(locator, broken.inspection().replicationIdentity(), now)) {
            startPass();
        }
        // They are settled, and the plan sends steps for their segments again.
        state.stepsInFlight().clear();
        paceController.restart(now.summary().profile().lazyFree());
        return true;
    }

    /** Starts the pass over all databases again, with a new plan. No reply to a step may be expected any more. */
    void startPass() {
        ServerInspection now = state.session().inspection();
        state.replacePlan(SweepPlan.fresh(
                now.summary().keys(), now.lowBits(), state.session().isFar(), seeds));
        slotWatch.startPass(/* resumeFrom= */ null);
        progressMeter.startPlan(state.plan().fraction());
    }

    /**
     * Counts the steps in flight of the broken session by the server's counter of expired keys, which
     * {@link SweepCounts} explains. Records that they cannot be counted if another server process answers now, and that
     * reclaimed keys may be back if the server may not have all deletions.
     */
    private void settleUncertainSteps(Session broken, Session newSession) throws InterruptedException {
        // The counter of another process counts from zero, so it shows nothing of the steps.
        boolean isOtherProcess =
                newSession.inspection().isOtherProcessThan(broken.inspection().replicationIdentity());
        if (isOtherProcess || state.stepsInFlight().isEmpty()) {
            trackCounter(newSession, isOtherProcess);
        } else {
            settleByCounter(broken, newSession);
        }
        // After the steps in flight: what they have reclaimed may be back, too.
        recordReturnedKeys(
                state,
                locator,
                broken.inspection().replicationIdentity(),
                broken.address().toString(),
                newSession);
    }

    /**
     * Records that keys which the sweep has reclaimed may be back, if the data of the server may be others than before
     * and nothing proves that the server has received all deletions, see {@link DeletionPoint}.
     *
     * @param earlier the identity of the server when the sweep last counted keys
     * @param earlierNodeId the address of that server
     * @param now the session with the server that answers now
     */
    static void recordReturnedKeys(
            SweepState state, PrimaryLocator locator, ReplicationIdentity earlier, String earlierNodeId, Session now) {
        ServerInspection inspection = now.inspection();
        if (isSameData(locator, earlier, inspection)) {
            return;
        }
        long reclaimed = state.counts().reclaimed();
        DeletionPoint deletionPoint = state.deletionPoint();
        boolean isSameAddress = earlierNodeId.equals(now.address().toString());
        // Without a reclaimed key there is no deletion that could be lost.
        if (reclaimed > 0
                && !deletionPoint.isSurelyIn(
                        inspection.status(), inspection.isOtherProcessThan(earlier), isSameAddress, reclaimed)) {
            state.counts().recordReturnedKeys();
            log.warn("{}: nothing proves that it has all deletions of the sweep", now.address());
        }
        deletionPoint.restart(inspection.status(), reclaimed);
    }

    /** Tracks the server's counter over the new session, if there is no step that the counter could settle. */
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
    private void settleByCounter(Session broken, Session newSession) throws InterruptedException {
        SweepCounts counts = state.counts();
        boolean stepsEnded = EarlierSteps.of(broken).end(newSession, limits);
        // Read only now: while a step can still run, the counter may not include what the step reclaims.
        ExpiryReading reading = newSession.expiryReading(newSession.readStatus());
        boolean othersUnseen = !counts.otherExpirySeen() && reading.traces().equals(counts.traces());
        long atMost = UncertainSteps.maxReclaimedBy(state.stepsInFlight());
        // The COUNTs of these steps are known, so the bound is close enough to stand for the probable number too.
        long likely = atMost;
        // All of them run in one database, since no database is selected while a step is in flight.
        int db = state.stepsInFlight().getFirst().walk().db();
        counts.settleUncertainSteps(
                db,
                counts.expectedServerCounter(),
                reading,
                new SweepCounts.Settlement(atMost, likely, othersUnseen, stepsEnded));
    }

    /**
     * Returns whether positions that were reached under an earlier replication identity are still valid on the server.
     * The server must be the same process, its data must have the same history, and no databases may have been swapped
     * since.
     *
     * @param locator knows whether another node can become the primary
     * @param earlier the identity when the positions were reached
     * @param now the inspection of the server as it is now
     */
    static boolean positionsStillValid(PrimaryLocator locator, ReplicationIdentity earlier, ServerInspection now) {
        return earlier.swaps() == now.swaps() && isSameData(locator, earlier, now);
    }

    /**
     * Returns whether the server is the same process as under an earlier identity and has not been a replica since.
     *
     * @param locator knows whether another node can become the primary
     */
    private static boolean isSameData(PrimaryLocator locator, ReplicationIdentity earlier, ServerInspection now) {
        if (now.isOtherProcessThan(earlier)) {
            return false;
        }
        String replicationId = earlier.replicationId();
        if (replicationId == null) {
            return true;
        }
        // A standalone primary gets a new id for harmless reasons too, such as its first replica. In a cluster or under
        // Sentinel a new id may mean a failover and back, so any change counts.
        return locator.primaryCanMove()
                ? replicationId.equals(now.replicationIdentity().replicationId())
                : !now.status().wasReplicaSince(replicationId);
    }
}
