package io.keysweep.server.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Decides whether sweeps continue, wait or end.
 *
 * <p>A sweep is the part of a scan that visits one primary. The instructions of the scan come first: cancellation,
 * timeout and pauses. If they leave the decision open, each {@link SweepHold} is asked, in the order of {@code @Order}:
 * first the windows (times of the week when sweeps may run), then the budgets (limits for all sweeps together). Without
 * a restriction, the sweep continues. A sweep of a scan that does not exist also continues, because its worker notices
 * that and drops the sweep.
 *
 * <p>An execution is db-scheduler's entry for one sweep. Its id is {@code <scan id>/<round>/<node id>}. Thread-safe.
 */
@Component
class SweepDecisions {

    private final InstructionStore instructions;
    private final List<SweepHold> holds;

    SweepDecisions(InstructionStore instructions, List<SweepHold> holds) {
        this.instructions = instructions;
        this.holds = List.copyOf(holds);
    }

    /** Decides about a scan by its instructions alone. If they leave the decision open, the scan continues. */
    SweepDecision decideByInstructions(UUID scanId, Instant now) {
        return instructions.find(scanId).map(current -> current.decision(now)).orElseGet(SweepDecision.GoOn::new);
    }

    /**
     * Decides whether a sweep may begin, and takes the permit that it needs. A permit allows the sweep to run within
     * the budgets. If the sweep must not begin, no permit is taken.
     */
    SweepDecision decideBegin(ActiveSweep sweep, Instant now) {
        SweepDecision decisionByInstructions = sweep.instructions().decision(now);
        if (decisionByInstructions != null) {
            return decisionByInstructions;
        }
        // The stream is lazy: after the first restriction, no further SweepHold is asked, so no permit is taken for a
        // sweep that must wait.
        return holds.stream()
                .flatMap(hold -> hold.begin(sweep, now).stream())
                .findFirst()
                .map(SweepRestriction::decision)
                .orElseGet(SweepDecision.GoOn::new);
    }

    /** Decides whether a waiting sweep could continue. Takes no permit. */
    SweepDecision decideContinue(String execution, String host, UUID scanId, Instant now) {
        return instructions
                .find(scanId)
                .map(current -> decideContinue(new ActiveSweep(execution, host, current), now))
                .orElseGet(SweepDecision.GoOn::new);
    }

    private SweepDecision decideContinue(ActiveSweep sweep, Instant now) {
        SweepDecision decisionByInstructions = sweep.instructions().decision(now);
        if (decisionByInstructions != null) {
            return decisionByInstructions;
        }
        SweepRestriction restriction = restrictions(List.of(sweep), now).get(sweep.execution());
        return restriction == null ? new SweepDecision.GoOn() : restriction.decision();
    }

    /** Returns the restrictions of the sweeps by execution id. A sweep that may run is not in the map. */
    Map<String, SweepRestriction> restrictions(Collection<ActiveSweep> sweeps, Instant now) {
        Map<String, SweepRestriction> restrictions = new HashMap<>();
        List<ActiveSweep> unrestrictedSweeps = new ArrayList<>(sweeps);
        for (SweepHold hold : holds) {
            if (!unrestrictedSweeps.isEmpty()) {
                restrictions.putAll(hold.restrictions(unrestrictedSweeps, now));
                unrestrictedSweeps.removeIf(sweep -> restrictions.containsKey(sweep.execution()));
            }
        }
        return restrictions;
    }
}
