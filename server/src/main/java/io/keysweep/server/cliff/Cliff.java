package io.keysweep.server.cliff;

import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryForecast.Step;
import io.keysweep.engine.insight.KeyCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cliff is a time in which, by a forecast, far more keys die (reach the end of their TTL) than around it.
 *
 * @param from when the cliff begins
 * @param until when the cliff ends, exclusive
 * @param dying the keys that die in this time, with a 95 % interval
 * @param backlog the dead keys that still hold memory when the cliff ends; keys that clients or the servers' own expiry
 *     remove before are not included
 * @param backlogBytes the memory of these dead keys in bytes; null if no size is known
 * @param proposedStart when a scan should start, according to the whole forecast
 */
public record Cliff(
        Instant from,
        Instant until,
        KeyCount dying,
        long backlog,
        @Nullable Long backlogBytes,
        Instant proposedStart) {

    /**
     * Returns the cliffs of a forecast that need a warning, in the order of time. Neighbouring steps (periods of the
     * forecast) that are marked as cliffs form one cliff. A forecast that proposes no start has none, because the
     * backlog stays small without a scan.
     */
    static List<Cliff> of(ExpiryForecast forecast) {
        List<Cliff> cliffs = new ArrayList<>();
        Instant start = forecast.proposedStart();
        if (start == null) {
            return cliffs;
        }

        // Neighbouring steps are collected until a step follows that is no cliff.
        List<Step> neighbours = new ArrayList<>();
        for (Step step : forecast.steps()) {
            if (step.cliff()) {
                neighbours.add(step);
            } else if (!neighbours.isEmpty()) {
                cliffs.add(of(neighbours, start));
                neighbours.clear();
            }
        }
        if (!neighbours.isEmpty()) {
            cliffs.add(of(neighbours, start));
        }
        return cliffs;
    }

    /** Joins neighbouring steps to one cliff. */
    private static Cliff of(List<Step> steps, Instant proposedStart) {
        Step lastStep = steps.getLast();
        return new Cliff(
                steps.getFirst().from(),
                lastStep.to(),
                KeyCount.sum(steps.stream().map(Step::dying).toList()),
                lastStep.backlog(),
                lastStep.backlogBytes(),
                proposedStart);
    }
}
