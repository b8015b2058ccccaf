package io.keysweep.engine.reclaim;

import io.keysweep.engine.plan.Segmentation;
import java.time.Duration;

/**
 * Describes what a step must do.
 *
 * @param cursor where to begin, unsigned
 * @param segmentation shows where the cursor's segment ends
 * @param count about how many keys to visit at most
 * @param limit how long to keep the server busy at most; methods that can measure the time observe it, and exceed it by
 *     at most the time for a fraction of {@code count}
 * @param notAfterMicros latest start of the step by the server's clock, µs since 1970; 0 for any time. Only scripts can
 *     observe it
 */
public record StepRequest(long cursor, Segmentation segmentation, int count, Duration limit, long notAfterMicros) {

    /** Creates a request for a step that may start at any time. */
    public StepRequest(long cursor, Segmentation segmentation, int count, Duration limit) {
        this(cursor, segmentation, count, limit, 0);
    }
}
