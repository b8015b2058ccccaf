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
 * @param notAfterMicros the step is not to be begun later than this by the server's clock, µs since 1970; 0 for whenever.
 *     Kept by scripts; no other method can
 */
public record StepRequest(long cursor, Segmentation segmentation, int count, Duration limit, long notAfterMicros) {

    /** A step that may begin whenever it comes to the server. */
    public StepRequest(long cursor, Segmentation segmentation, int count, Duration limit) {
        this(cursor, segmentation, count, limit, 0);
    }
}
