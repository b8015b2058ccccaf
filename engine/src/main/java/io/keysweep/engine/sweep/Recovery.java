package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.SweepPlan;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one answer to whatever breaks: hold, connect anew, settle what is in doubt, go on from the last sure positions, or
 * from the start where they hold no longer. Used by the sweep's thread.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** A server that fails every step although its survey is fine will not get better. */
    private static final int MAX_FAILURES_IN_A_ROW = 5;

    private final SweepState state;
    private final SessionOpener opener;
    private final PrimaryLocator locator;
    private final SlotWatch slots;
    private final PaceController paceController;
    private final ProgressMeter meter;
    private final RandomGenerator seeds;
    private final Function<String, Hold> holds;
    private int failuresInARow;
    private long stepsAtLastFailure;

    /**
     * @param seeds where a new plan's random order comes from
     * @param holds begins a hold for a reason
     */
    Recovery(
            SweepState state,
            SessionOpener opener,
            PrimaryLocator locator,
            SlotWatch slots,
            PaceController paceController,
            ProgressMeter meter,
            RandomGenerator seeds,
            Function<String, Hold> holds) {
        this.state = state;
        this.opener = opener;
        this.locator = locator;
        this.slots = slots;
        this.paceController = paceController;
        this.meter = meter;
        this.seeds = seeds;
        this.holds = holds;
    }

    /** Connects anew after a link broke, and settles what was in doubt. Returns early at the deadline and on cancel. */
    void recover(LinkBrokenException broken, ProgressReporter progressReporter) throws InterruptedException {
        String nodeId = state.nodeId();
        log.warn("{}: {}; reconnecting", nodeId, broken.getMessage());
        log.debug("{}: cause", nodeId, broken);
        state.session().close();
        state.plan().revert();
        progressReporter.checkpoint(/* stepsMayFollow= */ true);
        Hold hold = holds.apply("reconnecting: " + broken.getMessage());
        if (failsAgain() > MAX_FAILURES_IN_A_ROW) {
            throw new NodeRefusedException(
                    nodeId, Reason.NOT_RECLAIMING, nodeId + " fails every step: " + broken.getMessage());
        }
        Session fresh = opener.whenBack(hold);
        if (fresh != null) {
            goOnWith(fresh);
            progressReporter.leaseSteps();
        }
        hold.end();
    }

    private int failsAgain() {
        long steps = state.counts().steps();
        failuresInARow = steps > stepsAtLastFailure ? 1 : failuresInARow + 1;
        stepsAtLastFailure = steps;
        return failuresInARow;
    }

    private void goOnWith(Session fresh) {
        ServerInspection old = state.session().serverInspection();
        ServerInspection now = fresh.serverInspection();
        state.session(fresh);
        settle(old, now);
        if (!keepsCursors(locator, old.replicationIdentity(), now)) {
            state.plan(SweepPlan.fresh(now.inspection().keys(), now.lowBits(), seeds));
            slots.begin(null);
            meter.planned(state.plan().fraction());
        }
        state.inFlight().clear();
        paceController.restart(now.inspection().profile().lazyFree());
    }

    private void settle(ServerInspection old, ServerInspection now) {
        SweepCounts counts = state.counts();
        OptionalLong expired = now.serverStatus().expired();
        var walk = state.plan().current();
        if (!now.otherProcessThan(old.replicationIdentity())) {
            counts.settle(
                    walk == null ? null : walk.db(),
                    counts.expiredKeys(),
                    expired,
                    UncertainSteps.ofSteps(state.inFlight()),
                    !counts.otherExpirySeen());
        } else if (!state.inFlight().isEmpty()) {
            counts.lose(expired);
        } else {
            counts.restartFrom(expired);
        }
    }

    /** Whether cursors of that footing still hold. */
    static boolean keepsCursors(PrimaryLocator locator, ReplicationIdentity earlier, ServerInspection now) {
        if (now.otherProcessThan(earlier) || earlier.swaps() != now.swaps()) {
            return false;
        }
        String replicationId = earlier.replicationId();
        if (replicationId == null) {
            return true;
        }
        // Where others take over as a matter of course, an id that cannot be told from theirs is not trusted.
        return locator.mayMove()
                ? replicationId.equals(now.replicationIdentity().replicationId())
                : !now.serverStatus().wasReplicaSince(replicationId);
    }
}
