package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Footing;
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
    private final Steering steering;
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
            Steering steering,
            ProgressMeter meter,
            RandomGenerator seeds,
            Function<String, Hold> holds) {
        this.state = state;
        this.opener = opener;
        this.locator = locator;
        this.slots = slots;
        this.steering = steering;
        this.meter = meter;
        this.seeds = seeds;
        this.holds = holds;
    }

    /** Connects anew after a link broke, and settles what was in doubt. Returns early at the deadline and on cancel. */
    void recover(LinkBrokenException broken, Telling telling) throws InterruptedException {
        String nodeId = state.nodeId();
        log.warn("{}: {}; connecting anew", nodeId, broken.getMessage());
        log.debug("{}: cause", nodeId, broken);
        state.session().close();
        state.plan().revert();
        telling.checkpoint(/* stepsMayFollow= */ true);
        Hold hold = holds.apply("connecting anew: " + broken.getMessage());
        if (failsAgain() > MAX_FAILURES_IN_A_ROW) {
            throw new NodeRefusedException(
                    nodeId, Reason.NOT_RECLAIMING, nodeId + " fails every step: " + broken.getMessage());
        }
        Session fresh = opener.whenBack(hold);
        if (fresh != null) {
            goOnWith(fresh);
            telling.leaseSteps();
        }
        hold.end();
    }

    private int failsAgain() {
        long steps = state.tally().steps();
        failuresInARow = steps > stepsAtLastFailure ? 1 : failuresInARow + 1;
        stepsAtLastFailure = steps;
        return failuresInARow;
    }

    private void goOnWith(Session fresh) {
        Survey old = state.session().survey();
        Survey now = fresh.survey();
        state.session(fresh);
        settle(old, now);
        if (!keepsCursors(locator, old.footing(), now)) {
            state.plan(SweepPlan.fresh(now.inspection().keys(), now.lowBits(), seeds));
            slots.begin(null);
            meter.planned(state.plan().fraction());
        }
        state.flights().clear();
        steering.restart(now.inspection().profile().lazyFree());
    }

    private void settle(Survey old, Survey now) {
        Tally tally = state.tally();
        OptionalLong expired = now.vitals().expired();
        var walk = state.plan().current();
        if (!now.otherProcessThan(old.footing())) {
            tally.settle(
                    walk == null ? null : walk.db(),
                    tally.expiredKeys(),
                    expired,
                    Doubt.ofSteps(state.flights()),
                    !tally.otherExpirySeen());
        } else if (!state.flights().isEmpty()) {
            tally.lose(expired);
        } else {
            tally.restartFrom(expired);
        }
    }

    /** Whether cursors of that footing still hold. */
    static boolean keepsCursors(PrimaryLocator locator, Footing earlier, Survey now) {
        if (now.otherProcessThan(earlier) || earlier.swaps() != now.swaps()) {
            return false;
        }
        String replicationId = earlier.replicationId();
        if (replicationId == null) {
            return true;
        }
        // Where others take over as a matter of course, an id that cannot be told from theirs is not trusted.
        return locator.mayMove()
                ? replicationId.equals(now.footing().replicationId())
                : !now.vitals().wasReplicaSince(replicationId);
    }
}
