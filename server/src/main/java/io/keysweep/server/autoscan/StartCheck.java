package io.keysweep.server.autoscan;

import io.keysweep.server.instance.Instance;

/** Decides whether an automatic scan of an instance is worthwhile before it starts. */
@FunctionalInterface
interface StartCheck {

    /**
     * Reports whether a scan is worthwhile.
     *
     * @param starts whether the scan should start
     * @param thresholdPassed whether the backlog was estimated and has passed a threshold of the start policy
     * @param reason the reason for users
     */
    record StartDecision(boolean starts, boolean thresholdPassed, String reason) {

        /** Creates a decision that no estimate has led to. */
        StartDecision(boolean starts, String reason) {
            this(starts, /* thresholdPassed= */ false, reason);
        }
    }

    /** Decides whether a scan of the instance is worthwhile now. An estimate may take tens of seconds. */
    StartDecision decide(Instance instance);
}
