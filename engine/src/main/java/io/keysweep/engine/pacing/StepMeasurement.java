package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * A step measurement describes one completed step: the input of {@link Pacer}.
 *
 * @param count the COUNT that the step was sent with; less than the pace's COUNT near the end of a segment
 * @param busy how long the step kept the server busy: the server's own measure, or the round trip less that of a call
 *     that costs the server nothing
 * @param visited keys visited
 */
public record StepMeasurement(int count, Duration busy, long visited) {}
