package io.keysweep.engine.reclaim;

import io.keysweep.engine.plan.Segmentation;
import java.time.Duration;

/**
 * What a step is to do.
 *
 * @param cursor where to begin, unsigned
 * @param segmentation what tells where the cursor's segment ends
 * @param count about how many keys to visit at most
 * @param limit how long to keep the server busy at most; kept by methods that can watch the time, with an overshoot of
 *     a fraction of {@code count}
 */
public record StepOrder(long cursor, Segmentation segmentation, int count, Duration limit) {}
