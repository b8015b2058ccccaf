package io.keysweep.engine.sweep;

/**
 * Starts a {@link Hold} of one sweep, a time without steps (SCAN calls), and reports it to the sweep's listener.
 *
 * <p>The classes that watch the server receive it, so that they can start a hold without access to the sweep itself.
 */
@FunctionalInterface
interface HoldStarter {

    /**
     * Starts a hold, which the caller must end with {@link Hold#close}. If the last checkpoint lets steps follow, a new
     * one that lets no step follow is reported first, so that keys which expire during the hold are not counted as the
     * sweep's.
     *
     * @param reason why the sweep holds, a short sentence for the user
     * @param cause the kind of the reason
     */
    Hold start(String reason, HoldCause cause);

    /** Starts a hold because of the state of the server, see {@link #start(String, HoldCause)}. */
    default Hold start(String reason) {
        return start(reason, HoldCause.SERVER);
    }
}
