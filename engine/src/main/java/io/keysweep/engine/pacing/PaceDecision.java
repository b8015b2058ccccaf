package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * Says how large the next step of a sweep is and how long to wait before it. {@link Pacer} makes a decision after each
 * step.
 *
 * @param pace the state for the next step, which includes its COUNT
 * @param delay how long to wait before the next step; zero to send it immediately
 */
public record PaceDecision(Pace pace, Duration delay) {}
