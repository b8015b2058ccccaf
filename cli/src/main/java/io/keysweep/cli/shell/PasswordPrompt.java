package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks the user for a password on the terminal, without showing what the user types. */
@FunctionalInterface
public interface PasswordPrompt {

    /** Shows {@code question} and returns the password, or null if there is no terminal. */
    @Nullable String ask(String question);
}
