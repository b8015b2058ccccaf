package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * A step measurement reports to {@link Pacer} what one completed step of a sweep cost and did.
 *
 * @param count the COUNT that the step was sent with. Near the end of a segment (a slice of a database) it is less than
 *     the pace's COUNT.
 * @param busy how long the step kept the server busy: measured by the server, or else the round trip of the step less
 *     that of a call that costs the server nothing, see {@link RoundTripBaseline}
 * @param visited keys that the step visited, live and expired
 */
public record StepMeasurement(int count, Duration busy, long visited) {}
