package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * Holds the cost and the result of one completed step of a sweep, for {@link Pacer}.
 *
 * @param count the COUNT that the step was sent with. Near the end of a segment (a slice of a database) it is less than
 *     the pace's COUNT.
 * @param busy how long the step kept the server busy: measured by the server, or otherwise the round trip of the step
 *     minus an idle round trip, see {@link RoundTripBaseline}
 * @param visited keys that the step visited, live and expired
 */
public record StepMeasurement(int count, Duration busy, long visited) {}
