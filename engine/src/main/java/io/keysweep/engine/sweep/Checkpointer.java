package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.SweepPlan;
import io.keysweep.engine.topology.NodeRefusedException;

/**
 * Takes the checkpoints of a sweep: checks the server, confirms or reverts the positions reached, and reports them.
 *
 * <p>A checkpoint is also the sweep's control period: the slots, the swaps and the load are checked here. No step may
 * be in flight. Used by the sweep's thread only.
 */
final class Checkpointer {

    private final SweepState state;
    private final PrimaryLocator locator;
    private final ReclaimWatch reclaimWatch;
    private final LoadWatch loadWatch;
    private final SlotWatch slotWatch;
    private final SwapWatch swapWatch;
    private final ProgressReporter progressReporter;

    Checkpointer(
            SweepState state,
            PrimaryLocator locator,
            ReclaimWatch reclaimWatch,
            LoadWatch loadWatch,
            SlotWatch slotWatch,
            SwapWatch swapWatch,
            ProgressReporter progressReporter) {
        this.state = state;
        this.locator = locator;
        this.reclaimWatch = reclaimWatch;
        this.loadWatch = loadWatch;
        this.slotWatch = slotWatch;
        this.swapWatch = swapWatch;
        this.progressReporter = progressReporter;
    }

    /**
     * Takes a checkpoint. Then holds or chooses another method, if the check of the server requires that.
     *
     * @throws NodeRefusedException if the server must not be swept any more
     * @throws LinkBrokenException if the sweep must reconnect, for example since the primary has moved
     */
    void takeCheckpoint() throws InterruptedException {
        take(reclaimWatch.check());
    }

    /**
     * Takes the checkpoint after the last step, with every check made that {@link #takeCheckpoint} makes only at times.
     *
     * @return whether the positions are confirmed, so that the pass is complete; if not, the steps since the last
     *     confirmed positions must be repeated
     */
    boolean takeCheckpointAtEnd() throws InterruptedException {
        // First: a checkpoint must not report everything as covered if a swap has moved the covered keys.
        swapWatch.check(state.session());
        return take(reclaimWatch.checkWithSettings());
    }

    private boolean take(ReclaimWatch.Check check) throws InterruptedException {
        SweepPlan plan = state.plan();
        slotWatch.refreshIfDue(state.session());
        swapWatch.checkIfDue(state.session());
        if (check.confirmsPositions()) {
            plan.confirm();
        } else if (!check.reclaiming()) {
            plan.revert();
        }
        progressReporter.reportCheckpoint(plan.current() != null);
        NodeRefusedException refusal = check.refusal();
        if (refusal != null) {
            throw locator.primaryCanMove()
                    ? new LinkBrokenException(String.valueOf(refusal.getMessage()), refusal)
                    : refusal;
        }
        reclaimWatch.resolve(check);
        if (plan.current() != null) {
            loadWatch.throttleIfDue(state.session(), check.status());
        }
        return check.confirmsPositions();
    }

    /**
     * Takes the last checkpoint of a run that ends early. Works with a broken connection and in an interrupted thread:
     * the counts are always reported, and the positions are confirmed if the server can still be checked.
     */
    void takeLastCheckpoint() {
        boolean interrupted = Thread.interrupted();
        boolean nothingUncertain = state.stepsInFlight().isEmpty();
        try {
            // With a step uncertain, the tracked server counter must stay at the value after the counted steps.
            if (nothingUncertain && reclaimWatch.checkWithSettings().confirmsPositions()) {
                state.plan().confirm();
            }
        } catch (LinkBrokenException e) {
            // The steps since the last confirmed positions will be repeated. The counts need no server.
        } finally {
            progressReporter.reportCheckpoint(!nothingUncertain);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
