package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Tracks whether the number of reclaimed keys of a sweep is an exact count or an estimate, and why.
 *
 * <p>An uncertain step is a step that the server may have run, but whose reply was not counted. {@link SweepCounts}
 * records here every event that can make the count an estimate, over all runs of the sweep. Used by the sweep's thread
 * only.
 */
final class CountExactness {

    /** Whether the count was already an estimate when this run began. */
    private final boolean wasEstimate;

    /** Whether a client or the server itself was seen to expire keys during the sweep. */
    private boolean otherExpirySeen;

    /**
     * Whether keys of uncertain steps were counted. Such a count is exact only if neither a client nor the server
     * itself has expired keys in the meantime.
     */
    private boolean uncertainStepsCounted;

    /** Whether some uncertain steps could not be settled, so that the count may be too low or too high. */
    private boolean uncertainStepsUnsettled;

    /** Whether counted keys may have been counted a second time after a failover that lost their deletion. */
    private boolean returnedKeysPossible;

    /** Whether a step was counted that was not atomic, so that its count may include changes by others. */
    private boolean nonAtomicStepsCounted;

    /**
     * Starts with the state in a checkpoint. Without a checkpoint, the count is exact at first.
     *
     * @param checkpoint the last checkpoint of the earlier run; null for a new sweep
     */
    CountExactness(@Nullable Checkpoint checkpoint) {
        wasEstimate = checkpoint != null && !checkpoint.exact();
        // An estimate stays an estimate. It no longer matters which cause made it one.
        uncertainStepsUnsettled = wasEstimate;
        otherExpirySeen = checkpoint != null && !checkpoint.alone();
    }

    /** Records that a client or the server itself was seen to expire keys. */
    void recordOtherExpiry() {
        otherExpirySeen = true;
    }

    /** Records that keys of uncertain steps were counted, from the growth of the server's counter. */
    void recordUncertainStepsCounted() {
        uncertainStepsCounted = true;
    }

    /** Records that some uncertain steps could not be settled, so that the count may be too low or too high. */
    void recordUnsettledSteps() {
        uncertainStepsUnsettled = true;
    }

    /** Records that counted keys may be back on the server, and be counted a second time. */
    void recordReturnedKeys() {
        returnedKeysPossible = true;
    }

    /** Records that a step was counted that was not atomic. */
    void recordNonAtomicStep() {
        nonAtomicStepsCounted = true;
    }

    /** Returns whether a client or the server itself was seen to expire keys, in any run of this sweep. */
    boolean otherExpirySeen() {
        return otherExpirySeen;
    }

    /**
     * Returns whether the count is exact and not an estimate. If keys of uncertain steps were counted, the count
     * becomes an estimate as soon as others are seen to expire keys. After a step that was not atomic, the count stays
     * an estimate, even if later steps are atomic.
     */
    boolean exact() {
        return !uncertainStepsUnsettled
                && !nonAtomicStepsCounted
                && !returnedKeysPossible
                && !(uncertainStepsCounted && otherExpirySeen);
    }

    /**
     * Returns why the count has become an estimate in this run, as a text for the user. Returns null if the count is
     * exact, if it was an estimate before this run, or if the only reason is that the reclaim method is not atomic.
     */
    @Nullable String estimateReason() {
        if (wasEstimate) {
            return null;
        }
        if (returnedKeysPossible) {
            return "the server was replaced, restarted or was a replica, and nothing proves that it still has all"
                    + " deletions: keys that were reclaimed before may be back and be counted again";
        }
        if (uncertainStepsUnsettled) {
            return "the replies to some steps were lost, and nothing shows for sure how many keys they reclaimed";
        }
        return uncertainStepsCounted && otherExpirySeen
                ? "the replies to some steps were lost, and others have expired keys too, so nothing shows for sure how"
                        + " many keys these steps reclaimed"
                : null;
    }
}
