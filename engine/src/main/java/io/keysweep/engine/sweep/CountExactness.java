package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether the number of keys that a sweep has reclaimed is an exact count or an estimate, and why.
 *
 * <p>{@link SweepCounts} records here what happens to its counts, over all runs of the sweep, and explains what makes
 * them an estimate. An uncertain step is one that the server may have run, but whose reply was not counted. Used by the
 * sweep's thread only.
 */
final class CountExactness {

    /** Whether the count was already an estimate when this run began. */
    private final boolean wasEstimate;

    /** Whether a client or the server itself was seen to expire keys during the sweep. */
    private boolean otherExpirySeen;

    /** Whether keys of uncertain steps are part of the count, which then is exact only while no others expire keys. */
    private boolean uncertainStepsCounted;

    /** Whether keys of uncertain steps may be missing from the count, or keys that others expired part of it. */
    private boolean uncertainStepsLost;

    /** Whether counted keys may have been counted a second time after a failover that lost their deletion. */
    private boolean returnedKeysPossible;

    /** Whether a step of a method that is not atomic was counted, whose count may include keys of others. */
    private boolean looseStepsCounted;

    /**
     * Continues what a checkpoint says about the count; without one, the count is exact.
     *
     * @param checkpoint the last checkpoint of the earlier run; null for a new sweep
     */
    CountExactness(@Nullable Checkpoint checkpoint) {
        wasEstimate = checkpoint != null && !checkpoint.exact();
        uncertainStepsLost = wasEstimate;
        otherExpirySeen = checkpoint != null && !checkpoint.alone();
    }

    /** Records that a client or the server itself was seen to expire keys. */
    void recordOtherExpiry() {
        otherExpirySeen = true;
    }

    /** Records that keys of uncertain steps were counted, by the growth of the server's counter. */
    void recordUncertainStepsCounted() {
        uncertainStepsCounted = true;
    }

    /** Records that keys of uncertain steps may be missing from the count, or keys that others expired part of it. */
    void recordUncertainStepsLost() {
        uncertainStepsLost = true;
    }

    /** Records that counted keys may be back on the server, and be counted a second time. */
    void recordReturnedKeys() {
        returnedKeysPossible = true;
    }

    /** Records that a step of a method that is not atomic was counted. */
    void recordLooseStep() {
        looseStepsCounted = true;
    }

    /** Returns whether a client or the server itself was seen to expire keys, in any run of this sweep. */
    boolean otherExpirySeen() {
        return otherExpirySeen;
    }

    /**
     * Returns whether the count is exact and not an estimate. If others are seen to expire keys later, the keys of
     * uncertain steps that were counted before become doubtful, and with them the count. Steps that were not atomic
     * make it an estimate for good, whatever method follows.
     */
    boolean exact() {
        return !uncertainStepsLost
                && !looseStepsCounted
                && !returnedKeysPossible
                && !(uncertainStepsCounted && otherExpirySeen);
    }

    /**
     * Returns why the count has become an estimate in this run, for the user; null if it has not, or only since the
     * reclaim method is not atomic.
     */
    @Nullable String estimateReason() {
        if (wasEstimate) {
            return null;
        }
        if (returnedKeysPossible) {
            return "the server was replaced, restarted or was a replica, and nothing proves that it still has all"
                    + " deletions: keys that were reclaimed before may be back and be counted again";
        }
        if (uncertainStepsLost) {
            return "the replies to some steps were lost, and nothing shows for sure how many keys they reclaimed";
        }
        return uncertainStepsCounted && otherExpirySeen
                ? "the replies to some steps were lost, and others have expired keys too, so nothing shows for sure how"
                        + " many keys these steps reclaimed"
                : null;
    }
}
