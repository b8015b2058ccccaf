package io.keysweep.cli.shell;

/** Tells a command that it should end, because of Ctrl-C or SIGTERM. Safe to use from any thread. */
public interface Interruption {

    /**
     * Has {@code action} run once when the command should end; at once if it should already.
     *
     * @return takes the action back
     */
    Registration onInterrupt(Runnable action);

    /** An action that waits for an interruption. */
    @FunctionalInterface
    interface Registration {

        /** Takes the action back, if it has not run. */
        void withdraw();
    }
}
