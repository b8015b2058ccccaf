package io.keysweep.engine.reclaim;

import io.keysweep.engine.plan.Segmentation;
import java.time.Duration;

/**
 * Describes the work of one step; a {@link ReclaimMethod} turns it into commands.
 *
 * <p>A step is one call that visits some keys, and counts how many expired keys the server removed.
 *
 * @param cursor the SCAN cursor at which the step begins, unsigned
 * @param segmentation divides the database into segments; a script ends the step where the segment of its cursor ends
 * @param count the approximate largest number of keys to visit
 * @param timeLimit the longest time to keep the server busy. Only scripts can measure this time; the last of their SCAN
 *     calls may exceed it
 * @param notAfterMicros the latest start of the step by the server's clock, µs since 1970; 0 for any time. Only scripts
 *     can check it. It keeps a step that the network delays from running after another process has taken over the sweep
 * @param turn when the step may start so that it keeps its distance from the steps before and after it; ignored if
 *     {@code notAfterMicros} is 0. Only scripts can check it
 */
public record StepRequest(
        long cursor, Segmentation segmentation, int count, Duration timeLimit, long notAfterMicros, StepTurn turn) {

    /** Creates a request for a step that may start at any time. */
    public StepRequest(long cursor, Segmentation segmentation, int count, Duration timeLimit) {
        this(cursor, segmentation, count, timeLimit, /* notAfterMicros= */ 0, StepTurn.ANY_TIME);
    }
}
