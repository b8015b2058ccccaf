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
 */
public record StepOutcome(
        long cursor, long visited, long reclaimed, @Nullable Duration busy) {}
