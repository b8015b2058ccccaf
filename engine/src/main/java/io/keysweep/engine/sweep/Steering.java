package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.Pace;
import io.keysweep.engine.pacing.PaceDecision;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.PaceSignal;
import io.keysweep.engine.pacing.Pacer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The pace of a running sweep, which may be given another policy on the way. Used by the sweep's thread. */
final class Steering {

    private final SweepControl control;
    private final SweepListener listener;
    private PacePolicy policy;
    private Pacer pacer;
    private Pace pace;
    private SweepControl.@Nullable Retune retuned;

    Steering(PacePolicy policy, boolean lazyFree, SweepControl control, SweepListener listener) {
        this.control = control;
        this.listener = listener;
        this.policy = policy;
        pacer = new Pacer(policy);
        pace = pacer.start(lazyFree);
    }

    /** Takes the policy that was asked for last, if that is another. */
    void retune() {
        SweepControl.Retune retune = control.retune();
        if (retune != null && !retune.equals(retuned)) {
            retuned = retune;
            policy = retune.pace();
            pacer = new Pacer(policy);
            pace = pacer.onFrom(pace);
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

    /** Learns from a step and tells how long to rest after it. */
    Duration restAfter(PaceSignal signal) {
        PaceDecision decision = pacer.next(pace, signal);
        pace = decision.pace();
        return decision.rest();
    }
}
