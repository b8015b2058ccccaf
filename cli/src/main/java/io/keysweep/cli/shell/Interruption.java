package io.keysweep.cli.shell;

/** Notifies a command that the user wants it to end, by Ctrl-C, SIGTERM or SIGHUP. Any thread may use it. */
public interface Interruption {

    /**
     * Registers an action that runs once, when a signal arrives, on a separate thread. If a signal has already arrived,
     * the action runs immediately, on the calling thread. Several actions can be registered.
     *
     * @return the registration, with which the caller can remove the action
     */
    Registration onInterrupt(Runnable action);

    /**
     * Registers an action that runs if the process must end before its command: when a second SIGINT or SIGTERM
     * arrives, or when the command has not ended in time after the first. Without an action, a second signal has no
     * effect.
     *
     * <p>The action runs once, on a separate thread. It should report what is known. It must not wait for a server,
     * because the process ends soon after the action has begun. Several actions run one after the other, in the order
     * of their registration. An action that writes to the terminal may block there, so the caller registers it last.
     *
     * @return the registration, by which the caller can remove the action
     */
    default Registration beforeAbruptEnd(Runnable action) {
        return () -> {};
    }

    /**
     * Returns whether a signal has interrupted the thread of the command. This happens only if the command has
     * registered no action. A call that fails then has probably failed because of the interrupt.
     */
    default boolean hasInterruptedThread() {
        return false;
    }

    /** Lets the caller remove a registered action, for example when the command has ended. */
    @FunctionalInterface
    interface Registration {

        /** Removes the action. Does nothing if the action runs or has run. */
        void withdraw();
    }
}
