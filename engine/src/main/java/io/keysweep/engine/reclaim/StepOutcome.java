package io.keysweep.engine.reclaim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one step has done.
 *
 * @param cursor where the next one goes on, unsigned; 0 at the end
 * @param visited keys visited, live and reclaimed; where names are kept off the wire, the COUNT that was asked for
 * @param reclaimed expired keys reclaimed: the fall of DBSIZE over the step
 * @param busy how long the server was busy with it by its own measure; null where it has none
 * @param late whether it came later than its order allows, so that nothing of it was done
 */
public record StepOutcome(
        long cursor, long visited, long reclaimed, @Nullable Duration busy, boolean late) {

    /** Of a step that came too late. */
    static final StepOutcome LATE = new StepOutcome(0, 0, 0, null, true);

    /** Of a step that was done. */
    public StepOutcome(long cursor, long visited, long reclaimed, @Nullable Duration busy) {
        this(cursor, visited, reclaimed, busy, false);
    }
}
