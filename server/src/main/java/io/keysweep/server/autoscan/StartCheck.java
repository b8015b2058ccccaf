package io.keysweep.server.autoscan;

import io.keysweep.server.instance.Instance;

/**
 * Decides, before an automatic scan starts, whether the scan is worthwhile. {@link BacklogCheck} is the implementation;
 * tests use other implementations.
 */
@FunctionalInterface
interface StartCheck {

    /**
     * A decision says whether a scan is worthwhile, and why.
     *
     * @param starts whether the scan should start
     * @param thresholdPassed whether the backlog (the number of expired keys that still hold memory) was estimated and
     *     has reached a threshold of the start policy
     * @param reason why the scan should start or not, as a part of a sentence for users
     */
    record StartDecision(boolean starts, boolean thresholdPassed, String reason) {

        /** Creates a decision that was made without an estimate of the backlog. */
        StartDecision(boolean starts, String reason) {
            this(starts, /* thresholdPassed= */ false, reason);
        }
    }

    /**
     * Decides whether a scan of the instance is worthwhile now. The call may take tens of seconds, because it may
     * estimate the backlog.
     */
    StartDecision decide(Instance instance);
}
