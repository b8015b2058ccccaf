package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.SweepPlan;
import io.keysweep.engine.topology.NodeRefusedException;

/**
 * Takes the checkpoints of a sweep: checks the server, confirms or reverts the sweep's positions, and reports them.
 *
 * <p>A checkpoint stores the positions and counts from which a later run continues the sweep. A position is confirmed
 * once a check has shown that the server was able to reclaim (remove expired keys) in all steps before it. Only
 * confirmed positions are stored. At a checkpoint this class also checks the slots, swapped databases and the load on
 * the server.
 *
 * <p>A <i>step</i> is one call that visits keys. No step may be in flight, that is, sent and not answered, except at
 * {@link #takeLastCheckpoint} and {@link #takeCheckpointBetweenSteps}. Used by the sweep's thread only.
 */
final class Checkpointer {

    private final SweepState state;
    private final PrimaryLocator locator;
    private final ReclaimWatch reclaimWatch;
    private final InFlightStatus inFlightStatus;
    private final LoadWatch loadWatch;
    private final SlotWatch slotWatch;
    private final SwapWatch swapWatch;
    private final TtlWatch ttlWatch;
    private final ProgressReporter progressReporter;

    Checkpointer(
            SweepState state,
            PrimaryLocator locator,
            ReclaimWatch reclaimWatch,
            InFlightStatus inFlightStatus,
            LoadWatch loadWatch,
            SlotWatch slotWatch,
            SwapWatch swapWatch,
            TtlWatch ttlWatch,
            ProgressReporter progressReporter) {
        this.state = state;
        this.locator = locator;
        this.reclaimWatch = reclaimWatch;
        this.inFlightStatus = inFlightStatus;
        this.loadWatch = loadWatch;
        this.slotWatch = slotWatch;
        this.swapWatch = swapWatch;
        this.ttlWatch = ttlWatch;
        this.progressReporter = progressReporter;
    }

    /**
     * Takes a checkpoint, and reads the settings if {@link #ttlCheckDue} returns true. Chooses another reclaim method
     * (script, transaction or pipeline) if a change of the server's settings has made the current one useless. Holds
     * the sweep (sends no steps, and shows the user why) while the server reclaims nothing or its load is too high.
     *
     * @throws NodeRefusedException if the server must no longer be swept, is overloaded, or reclaims nothing for longer
     *     than the sweep's patience, which is 60 s by default
     * @throws LinkBrokenException if the sweep must reconnect: the connection broke, databases were swapped, or the
     *     primary may have moved
     */
    void takeCheckpoint() throws InterruptedException {
        applyReceivedStatus();
        take(ttlCheckDue() ? reclaimWatch.checkWithSettings() : reclaimWatch.check());
    }

    /**
     * Returns whether the current database seems to hold no key with a TTL. A checkpoint with settings may then end the
     * visit of this database early, see {@link TtlWatch}. Sends nothing to the server.
     */
    boolean ttlCheckDue() {
        return ttlWatch.checkpointDue();
    }

    /**
     * Takes a checkpoint that always checks the settings. A checkpoint by {@link #takeCheckpoint} checks them once a
     * second. Two checkpoints need this check: the checkpoint that ends a database early, and the checkpoint that ends
     * the pass.
     *
     * @return true if the positions are confirmed. If the walk has reached the end of all databases, the pass is then
     *     complete. If false, the steps since the last confirmed positions are repeated.
     * @throws NodeRefusedException see {@link #takeCheckpoint}
     * @throws LinkBrokenException see {@link #takeCheckpoint}
     */
    boolean takeCheckpointWithSettings() throws InterruptedException {
        applyReceivedStatus();
        return take(reclaimWatch.checkWithSettings());
    }

    /**
     * Returns whether the next checkpoint may be taken while steps are in flight. This is not so if it does more than
     * confirm positions, check the load and report: it samples the idle round trip, reads the slots of a cluster, ends
     * a database early, or describes steps under new conditions.
     */
    boolean canTakeCheckpointBetweenSteps() {
        return !state.session().idleRoundTrips().isSampleDue()
                && !slotWatch.isRefreshDue()
                && !ttlCheckDue()
                && !progressReporter.checkpointNeeded();
    }

    /**
     * Takes a checkpoint for the status that {@link InFlightStatus} has received. Later steps may be in flight or may
     * have been counted, because the positions were confirmed when the status was received.
     *
     * @return false if the caller must receive all steps in flight and call {@link #takeCheckpoint}, because the sweep
     *     must hold, repeat steps, or describe steps under new conditions
     * @throws NodeRefusedException if the server is overloaded
     */
    boolean takeCheckpointBetweenSteps() {
        InFlightStatus.Received received = inFlightStatus.received();
        if (received == null
                || !received.isSound()
                || state.plan().current() == null
                || !state.session().isClockKnown()
                || progressReporter.checkpointNeeded()) {
            return false;
        }
        inFlightStatus.forgetReceived();
        state.observeKeys();
        ttlWatch.keepNumbers(received.check());
        progressReporter.reportCheckpoint();
        boolean mustHold =
                loadWatch.decideIfDue(state.session(), received.check().status());
        return !mustHold;
    }

    /**
     * Applies a status that was received, and for which no checkpoint was taken, before another checkpoint. If it shows
     * that the server may not have reclaimed, the steps since the last confirmed positions are repeated.
     *
     * @throws LinkBrokenException if it shows that databases were swapped
     */
    private void applyReceivedStatus() {
        InFlightStatus.Received received = inFlightStatus.received();
        inFlightStatus.forgetReceived();
        if (received != null && !received.isSound()) {
            state.plan().revert();
            swapWatch.check(state.session(), received.check().status());
        }
    }

    /** Takes a checkpoint after a check of the server, and returns whether the positions are confirmed. */
    private boolean take(ReclaimWatch.Check check) throws InterruptedException {
        SweepPlan plan = state.plan();
        // The check has just counted the keys of the selected database with DBSIZE.
        state.observeKeys();
        slotWatch.refreshIfDue(state.session());

        // The check for swaps comes before the report, because a checkpoint must not report databases as covered if a
        // swap has moved unvisited keys.
        swapWatch.check(state.session(), check.status());
        // endWalks() comes before confirm(), so that a database whose walk ends here is stored as covered.
        ttlWatch.endWalks(check);

        // If the settings were not read in this check, neither branch applies: the positions stay unconfirmed, but the
        // steps need not be repeated.
        if (check.confirmsPositions()) {
            plan.confirm();
        } else if (!check.reclaiming()) {
            plan.revert();
        }
        if (plan.current() == null) {
            progressReporter.reportCheckpointWithoutSteps();
        } else {
            progressReporter.reportCheckpoint();
        }

        // The next calls come after the report, because an exception or a long hold must not lose the counts of the
        // steps so far.
        throwRefusal(check);
        reclaimWatch.resolve(check);
        // After the last step there is nothing left to slow down.
        if (plan.current() != null) {
            loadWatch.throttleIfDue(state.session(), check.status());
        }
        return check.confirmsPositions();
    }

    /** Throws the exception for a node that must no longer be swept; does nothing if it may be swept. */
    private void throwRefusal(ReclaimWatch.Check check) {
        NodeRefusedException refusal = check.refusal();
        if (refusal == null) {
            return;
        }
        // If the primary can move, the next session may find a new primary, so the sweep reconnects.
        throw locator.primaryCanMove()
                ? new LinkBrokenException(String.valueOf(refusal.getMessage()), refusal)
                : refusal;
    }

    /**
     * Takes the last checkpoint of a run that ends early. Also works with a broken connection and in an interrupted
     * thread, whose interrupt flag stays set. The checkpoint is always reported. The positions are confirmed only if
     * the server can still be checked, reclaims, and no step is in flight.
     */
    void takeLastCheckpoint() {
        // Calls to the server would fail in an interrupted thread, so the flag is cleared here and set again below.
        boolean wasInterrupted = Thread.interrupted();
        boolean noStepUncertain = state.stepsInFlight().isEmpty();
        try {
            // A check would read the server's counter of expired keys. If a step is uncertain, the tracked counter must
            // stay at the value after the counted steps, so that a later run can settle that step.
            InFlightStatus.Received received = inFlightStatus.received();
            if (noStepUncertain && (received == null || received.isSound())) {
                ReclaimWatch.Check check = reclaimWatch.checkWithSettings();
                if (check.confirmsPositions()
                        && !SwapWatch.swappedSince(
                                state.session().inspection(), check.status().info())) {
                    state.plan().confirm();
                }
            }
        } catch (LinkBrokenException e) {
            // The steps since the last confirmed positions will be repeated. The counts need no server.
        } finally {
            progressReporter.reportCheckpointWithoutSteps();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
