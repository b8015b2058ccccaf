package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks for a password without showing what is typed. */
@FunctionalInterface
public interface PasswordPrompt {

    /** Shows the question and returns the password, or null if there is no terminal to ask on. */
    @Nullable String ask(String question);
}
