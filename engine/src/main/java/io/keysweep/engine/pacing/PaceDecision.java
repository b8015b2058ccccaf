package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * A pace decision is the output of {@link Pacer} after one step.
 *
 * @param pace the state for the next step, which includes its COUNT
 * @param delay how long to wait before the next step
 */
public record PaceDecision(Pace pace, Duration delay) {}
