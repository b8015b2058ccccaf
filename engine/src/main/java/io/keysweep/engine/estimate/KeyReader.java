package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps of an estimate with a picture: scans keys, and reads TTL, type and size of the living ones.
 *
 * <p>A step is one SCAN that also counts keys. A picture divides the live keys by remaining TTL, type and size.
 * {@link ScriptKeyReader} reads the keys on the server. {@link NamedKeyReader} reads them by their names, for servers
 * that refuse scripts. {@link EstimateSteps} uses one of them instead of a step that only scans.
 */
interface KeyReader {

    /**
     * Makes one step: scans, and reads the keys that the scan returns.
     *
     * @param cursor the cursor at which to begin, unsigned
     * @param count about how many keys to visit
     * @return the outcome of the scan; {@link #take} returns the sums over the keys that were read
     * @throws InterruptedException if the thread is interrupted while it waits to limit the load
     */
    StepOutcome scan(long cursor, int count) throws InterruptedException;

    /** Returns the sums over the keys that were read since the last call of this method. */
    KeyTally take();

    /** Returns the first error with which the server has refused to report a TTL; null if there was none. */
    @Nullable String refusal();

    /** Returns the first error with which the server has refused to report a type or a size; null if there was none. */
    @Nullable String measureRefusal();

    /** Returns whether names of keys leave the server. */
    boolean namesLeave();
}
