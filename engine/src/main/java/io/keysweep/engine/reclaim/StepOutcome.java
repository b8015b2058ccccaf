package io.keysweep.engine.reclaim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports what one step has done, so that the sweep can count keys, continue and adapt its pace.
 *
 * @param cursor the cursor at which the next step continues, unsigned; 0 at the end of the scan
 * @param visited the number of visited keys, live and reclaimed; the requested COUNT for methods that do not count live
 *     keys, see {@link ReclaimMethod#countsLiveKeys}
 * @param reclaimed the number of expired keys that were removed: the decrease of DBSIZE over the step
 * @param busy how long the step kept the server busy, measured by the server; null if the server did not measure it
 * @param late whether the step started after {@link StepRequest#notAfterMicros} and therefore did nothing; the other
 *     values mean nothing then
 */
public record StepOutcome(
        long cursor, long visited, long reclaimed, @Nullable Duration busy, boolean late) {

    /** The outcome of a step that started too late. */
    static final StepOutcome LATE =
            new StepOutcome(/* cursor= */ 0, /* visited= */ 0, /* reclaimed= */ 0, /* busy= */ null, /* late= */ true);

    /** Creates the outcome of a step that was performed. */
    public StepOutcome(long cursor, long visited, long reclaimed, @Nullable Duration busy) {
        this(cursor, visited, reclaimed, busy, /* late= */ false);
    }
}
