package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks the user for a password on the terminal, without showing what the user types. */
@FunctionalInterface
public interface PasswordPrompt {

    /**
     * Shows {@code question}, waits for the password and returns it; null if there is no terminal or the input has
     * ended.
     */
    @Nullable String ask(String question);
}
