package io.keysweep.engine.reclaim;

import java.time.Duration;

/**
 * What a step is to do.
 *
 * @param cursor where to begin, unsigned
 * @param segmentBits the low bits of the cursor that name its segment; 0 where the database is one
 * @param count about how many keys to visit at most
 * @param limit how long to keep the server busy at most; kept by methods that can watch the time, with an overshoot of
 *     a fraction of {@code count}
 */
public record StepOrder(long cursor, int segmentBits, int count, Duration limit) {}
