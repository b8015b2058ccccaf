package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks the user for a line of text on the terminal. */
@FunctionalInterface
public interface LinePrompt {

    /** Shows {@code question} and returns the answer, or null if there is no terminal. */
    @Nullable String ask(String question);
}
