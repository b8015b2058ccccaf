package io.keysweep.engine.reclaim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports what one step has done.
 *
 * @param cursor where the next step continues, unsigned; 0 at the end
 * @param visited keys visited, live and reclaimed; for methods that send no names, the requested COUNT
 * @param reclaimed expired keys reclaimed: the decrease of DBSIZE over the step
 * @param busy how long the step kept the server busy by the server's own measure; null if the method has none
 * @param late whether the step started too late by its request, so that it did nothing
 */
public record StepOutcome(
        long cursor, long visited, long reclaimed, @Nullable Duration busy, boolean late) {

    /** The outcome of a step that started too late. */
    static final StepOutcome LATE = new StepOutcome(0, 0, 0, null, true);

    /** Creates the outcome of a step that was performed. */
    public StepOutcome(long cursor, long visited, long reclaimed, @Nullable Duration busy) {
        this(cursor, visited, reclaimed, busy, false);
    }
}
