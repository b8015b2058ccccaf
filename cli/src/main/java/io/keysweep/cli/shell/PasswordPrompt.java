package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks for a password without showing what is typed. */
@FunctionalInterface
public interface PasswordPrompt {

    /** The password, or null where there is nobody to ask. */
    @Nullable String ask(String question);
}
