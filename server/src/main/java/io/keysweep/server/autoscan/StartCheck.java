package io.keysweep.server.autoscan;

import io.keysweep.server.instance.Instance;

/** What is looked at before an automatic scan starts. */
interface StartCheck {

    /**
     * Whether a scan is worth its while.
     *
     * @param starts whether it is
     * @param thresholdPassed whether the backlog was estimated, and a threshold that is set was passed
     * @param reason why so, for people
     */
    record StartDecision(boolean starts, boolean thresholdPassed, String reason) {

        /** By nothing that was estimated. */
        StartDecision(boolean starts, String reason) {
            this(starts, /* passed= */ false, reason);
        }
    }

    /** Whether a scan of the instance is waiting or running. */
    boolean previousActive(Instance instance);

    /** Whether a scan of the instance is worth its while now; may take some tens of seconds. */
    StartDecision worthwhile(Instance instance);
}
