package io.keysweep.engine.sweep;

/** Starts holds of one sweep, each reported to the sweep's listener. */
@FunctionalInterface
interface HoldStarter {

    /**
     * Starts a hold, which the caller must end with {@link Hold#end}.
     *
     * @param reason why the sweep holds, a short sentence for the user
     */
    Hold start(String reason);
}
