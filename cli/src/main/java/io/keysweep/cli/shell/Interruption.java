package io.keysweep.cli.shell;

/** Notifies a command that the user wants it to end, by Ctrl-C or SIGTERM. Any thread may use it. */
public interface Interruption {

    /**
     * Registers an action that runs once, on Ctrl-C or SIGTERM. If the signal has already arrived, the action runs at
     * once, on the calling thread.
     *
     * @return the registration, which can be withdrawn
     */
    Registration onInterrupt(Runnable action);

    /** Lets the caller remove a registered action, for example when the command has ended. */
    @FunctionalInterface
    interface Registration {

        /** Removes the action. Does nothing if it has already run. */
        void withdraw();
    }
}
