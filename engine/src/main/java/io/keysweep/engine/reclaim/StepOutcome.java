package io.keysweep.engine.reclaim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of one step, so that the sweep can count keys, continue and adapt its pace.
 *
 * <p>A step is one call that visits some keys, and counts how many expired keys the server removed.
 *
 * @param cursor the cursor at which the next step continues, unsigned; 0 at the end of the scan
 * @param visited the number of visited keys, live and reclaimed; the requested COUNT for methods that do not count live
 *     keys, see {@link ReclaimMethod#countsLiveKeys}
 * @param reclaimed the number of expired keys that were removed: the decrease of DBSIZE over the step
 * @param busy how long the step kept the server busy, measured by the server; null if the server did not measure it
 * @param startedAtMicros when the step reached the server, by the server's clock, µs since 1970; 0 if not known
 * @param refusal why the server has not done the step; null for a step that was done. If the step was not done, the
 *     counts and the cursor mean nothing
 */
public record StepOutcome(
        long cursor,
        long visited,
        long reclaimed,
        @Nullable Duration busy,
        long startedAtMicros,
        @Nullable Refusal refusal) {

    /** Names the reasons why a script did nothing. */
    public enum Refusal {
        /** The step started after {@link StepRequest#notAfterMicros}, the end of the step lease. */
        LEASE_EXPIRED,
        /** The step started before or after its {@link StepTurn}, because of delays on the network. */
        TURN_MISSED
    }

    /** Creates the outcome of a step that was performed. */
    public StepOutcome(long cursor, long visited, long reclaimed, @Nullable Duration busy) {
        this(cursor, visited, reclaimed, busy, /* startedAtMicros= */ 0, /* refusal= */ null);
    }

    /** Creates the outcome of a step that the server has not done. */
    static StepOutcome refused(Refusal refusal, long startedAtMicros) {
        return new StepOutcome(
                /* cursor= */ 0, /* visited= */ 0, /* reclaimed= */ 0, /* busy= */ null, startedAtMicros, refusal);
    }
}
