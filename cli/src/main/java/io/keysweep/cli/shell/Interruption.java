package io.keysweep.cli.shell;

/** Notifies a command that it should end, because of Ctrl-C or SIGTERM. It can be used from any thread. */
public interface Interruption {

    /**
     * Registers an action that runs once, when the command should end. If it should end already, the action runs at
     * once.
     *
     * @return the registration, which can be withdrawn
     */
    Registration onInterrupt(Runnable action);

    /** Represents an action that is registered for an interruption. */
    @FunctionalInterface
    interface Registration {

        /** Removes the action, if it has not run. */
        void withdraw();
    }
}
