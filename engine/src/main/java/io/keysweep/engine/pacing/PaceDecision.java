package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * What follows from a step.
 *
 * @param pace state for the next one
 * @param rest how long to wait before it
 */
public record PaceDecision(Pace pace, Duration rest) {}
