package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.LoadObservation;
import io.keysweep.engine.pacing.Pace;
import io.keysweep.engine.pacing.PaceDecision;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Pacer;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.pacing.StepMeasurement;
import io.keysweep.engine.pacing.Throttle;
import io.keysweep.engine.pacing.ThrottleState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Controls the pace of a running sweep, and applies a new policy when a user changes the pace.
 *
 * <p>The pace is the size of the steps (the COUNT of their SCAN) and the delay between them. The policy sets
 * ceilings, such as the share of the server's time. {@link Pacer} keeps the pace below the ceilings; its state is
 * updated after each step. {@link Throttle} lowers the ceilings while the server, its replicas or its clients suffer;
 * its state is updated once per control period (250 ms). Used by the sweep's thread only.
 */
final class PaceController {

    private final SweepControl control;
    private final SweepListener listener;
    private final StepRestraint restraint;
    private PacePolicy policy;
    private Pacer pacer;
    private Pace pace;
    private Throttle throttle;
    private ThrottleState throttleState = ThrottleState.UNTHROTTLED;

    /** Plans when steps start on a distant server. */
    private final StepTurns turns = new StepTurns();

    /** The time for which callers wait for the server, by the latest observation; null if it was not measured. */
    private @Nullable Duration callersWait;

    /** The time for which steps have kept the server busy since the last call of {@link #drainBusyTime}. */
    private Duration busySinceDrained = Duration.ZERO;

    /** The change of pace that was applied last; null before the first. */
    private SweepControl.@Nullable Retune appliedRetune;

    /** Creates a controller with a small COUNT, since the server is not known until {@link #restart} is called. */
    PaceController(PacePolicy policy, SweepControl control, SweepListener listener, StepRestraint restraint) {
        this.restraint = restraint;
        this.control = control;
        this.listener = listener;
        this.policy = policy;
        pacer = new Pacer(policy);
        pace = pacer.start(/* lazyFree= */ false);
        throttle = new Throttle(policy.limits());
    }

    /**
     * Applies the latest change of pace in {@link SweepControl}, if it was not applied yet, and reports it to the
     * listener. The pace continues within the new bounds. The state of the throttle is kept, since the load on the
     * server is still the same.
     */
    void applyRetune() {
        SweepControl.Retune retune = control.latestRetune();
        if (retune != null && !retune.equals(appliedRetune)) {
            appliedRetune = retune;
            policy = retune.pace();
            pacer = new Pacer(policy);
            pace = pacer.continueFrom(pace);
            throttle = new Throttle(policy.limits());
            listener.onEvent(new SweepEvent.Retuned(policy, retune.intervention()));
        }
    }

    /**
     * Starts again with a small COUNT and without turns (planned times for steps on a distant server), since another
     * server may answer after a reconnect. The throttle keeps its state.
     *
     * @param lazyFree whether the server frees expired values off its main thread; if not, the COUNT is smaller still
     */
    void restart(boolean lazyFree) {
        pace = pacer.start(lazyFree);
        turns.restart();
        callersWait = null;
    }

    /**
     * Decides whether the next steps have turns (planned times for their start), see {@link StepTurns}. Called at a
     * checkpoint. Only steps that have turns may be in flight.
     */
    void planTurns(Session session) {
        // A latest start of 0 shows that the user is not allowed to run TIME, so a script could not check its turn
        // either. Shortened steps are sent one at a time, see stepsInFlight().
        boolean canCheckTurns = session.inspection().method().checksServerClock()
                && session.stepNotAfterMicros() != 0
                && !restraint.stepsShortened();
        turns.plan(session.idleRoundTrips().shortestInSession(), canCheckTurns, policy, count(), stepLimit());
    }

    /** Returns whether turns, which are for distant servers, can be planned now and could not be before. */
    boolean canTurnsBegin(Session session) {
        return session.isFar() && turns.canBePlanned();
    }

    /** Returns the turns of the next steps. */
    StepTurns turns() {
        return turns;
    }

    /** Returns the policy that applies now. */
    PacePolicy policy() {
        return policy;
    }

    /**
     * Returns the COUNT of the next step: the COUNT of the pace, or less if long replies have broken the connection.
     */
    int count() {
        return Math.min(pace.count(), restraint.maxCount());
    }

    /**
     * Returns the largest number of keys that the sweep can visit, and so reclaim, between a checkpoint and the next
     * one; see {@link UncertainSteps}.
     */
    long maxReclaimedAfterCheckpoint(Duration checkpointEvery) {
        return UncertainSteps.maxReclaimedAfter(
                policy, Math.max(policy.stepsInFlight(), turns.maxInFlight()), pacer.maxCount(), checkpointEvery);
    }

    /** Returns the busy time after which the next step should end by itself. */
    Duration stepLimit() {
        return pacer.stepLimit();
    }

    /**
     * Returns how many steps may be in flight (sent, and not answered) at a time. With turns, {@link StepTurns}
     * determines the number. Otherwise it is the number that the policy allows, or 1 in two cases:
     *
     * <ul>
     * <li>A throttled sweep sends one step at a time, so that the server serves others during the delay after each
     * step.
     * <li>After a long reply has broken the connection, steps are shortened and sent one at a time. The replies to all
     * steps in flight would share the server's output buffer.
     * </ul>
     */
    int stepsInFlight() {
        if (turns.areUsed()) {
            return turns.maxInFlight();
        }
        return throttleState.factor() < 1 || restraint.stepsShortened() ? 1 : policy.stepsInFlight();
    }

    /** Updates the throttle with the measurements of a control period, and returns its new state. */
    ThrottleState updateThrottle(LoadObservation observation) {
        throttleState = throttle.next(throttleState, observation);
        Double latencyMillis = observation.values().get(Signal.LATENCY);
        callersWait = latencyMillis == null ? null : Duration.ofNanos(Math.round(latencyMillis * 1e6));
        return throttleState;
    }

    /**
     * Returns how long callers waited for the server in the last control period, without the round trip of the network.
     * Returns null if there were too few probes on the current connection.
     */
    @Nullable Duration callersWait() {
        return callersWait;
    }

    /**
     * Returns the largest share of the server's main-thread time that the sweep may take now, above 0 up to 1. A hold
     * does not change the share.
     */
    double share() {
        return policy.shareCeiling() * throttleState.factor();
    }

    /**
     * Returns the part of the ceilings that the sweep uses now, 0 to 1: the throttle's factor, or 0 while the throttle
     * holds the sweep.
     */
    double effectiveFactor() {
        return throttleState.heldBy() == null ? throttleState.factor() : 0;
    }

    /**
     * Returns why the sweep is slower than its policy allows, for the user. Returns null if it is not slower. Also
     * returns null while the throttle holds the sweep, since the hold itself shows its reason.
     */
    @Nullable String slowedBy() {
        return throttleState.decision() instanceof ThrottleState.ThrottleDecision.Proceed proceed
                ? proceed.slowedBy()
                : null;
    }

    /** Returns how long steps have kept the server busy since the previous call of this method. */
    Duration drainBusyTime() {
        Duration busyTime = busySinceDrained;
        busySinceDrained = Duration.ZERO;
        return busyTime;
    }

    /**
     * Updates the pace with a completed step. Returns how long to wait before the next step if the next step has no
     * turn.
     *
     * @param expectedCost see {@link InFlightStep#expectedCost}
     */
    Duration recordStep(StepMeasurement step, Duration expectedCost) {
        busySinceDrained = busySinceDrained.plus(step.busy());
        PaceDecision decision = pacer.next(pace, step, throttleState.factor());
        pace = decision.pace();
        turns.recordCost(step.count(), step.busy(), decision.delay(), share(), expectedCost);
        return decision.delay();
    }
}
