package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.LoadObservation;
import io.keysweep.engine.pacing.Pace;
import io.keysweep.engine.pacing.PaceDecision;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.PaceSignal;
import io.keysweep.engine.pacing.Pacer;
import io.keysweep.engine.pacing.Throttle;
import io.keysweep.engine.pacing.ThrottleState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The pace of a running sweep, which may be given another policy on the way and gives way to others. Used by the
 * sweep's thread.
 */
final class PaceController {

    private final SweepControl control;
    private final SweepListener listener;
    private PacePolicy policy;
    private Pacer pacer;
    private Pace pace;
    private Throttle throttle;
    private ThrottleState throttling = ThrottleState.NONE;
    private Duration busy = Duration.ZERO;
    private SweepControl.@Nullable Retune retuned;

    /** Begins with care, until {@link #restart} tells what the server is like. */
    PaceController(PacePolicy policy, SweepControl control, SweepListener listener) {
        this.control = control;
        this.listener = listener;
        this.policy = policy;
        pacer = new Pacer(policy);
        pace = pacer.start(/* lazyFree= */ false);
        throttle = new Throttle(policy.limits());
    }

    /** Takes the policy that was asked for last, if that is another. */
    void retune() {
        SweepControl.Retune retune = control.retune();
        if (retune != null && !retune.equals(retuned)) {
            retuned = retune;
            policy = retune.pace();
            pacer = new Pacer(policy);
            pace = pacer.onFrom(pace);
            throttle = new Throttle(policy.limits());
            listener.onEvent(new SweepEvent.Retuned(policy, retune.intervention()));
        }
    }

    /** Begins anew, with a server that may be another. */
    void restart(boolean lazyFree) {
        pace = pacer.start(lazyFree);
    }

    /** The policy that holds now. */
    PacePolicy policy() {
        return policy;
    }

    /** COUNT of the next step. */
    int count() {
        return pace.count();
    }

    /** How long the next step should keep the server busy at most. */
    Duration stepLimit() {
        return pacer.stepLimit();
    }

    /**
     * How many steps may be on their way at a time. One by one while the sweep gives way: where others run during the
     * rest after a step, there is none.
     */
    int stepsInFlight() {
        return throttling.factor() < 1 ? 1 : policy.stepsInFlight();
    }

    /** Gives way to what was observed, or goes back to its ceilings. */
    ThrottleState giveWay(LoadObservation seen) {
        throttling = throttle.next(throttling, seen);
        return throttling;
    }

    /** The largest share that the sweep may take now. */
    double share() {
        return policy.shareCeiling() * throttling.factor();
    }

    /** The part of its ceilings that the sweep uses now; 0 while it holds. */
    double factor() {
        return throttling.holding() == null ? throttling.factor() : 0;
    }

    /** Why that is less than the policy allows, in words; null if it is not. */
    @Nullable String slowedBy() {
        return throttling.decision() instanceof ThrottleState.ThrottleDecision.Go go ? go.slowedBy() : null;
    }

    /** How long the sweep has kept the server busy since this was asked last. */
    Duration takeBusy() {
        Duration taken = busy;
        busy = Duration.ZERO;
        return taken;
    }

    /** Learns from a step and tells how long to rest after it. */
    Duration restAfter(PaceSignal signal) {
        busy = busy.plus(signal.busy());
        PaceDecision decision = pacer.next(pace, signal, throttling.factor());
        pace = decision.pace();
        return decision.rest();
    }
}
