package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks the user for a line of text on the terminal. */
@FunctionalInterface
public interface LinePrompt {

    /** Shows {@code question}, waits for a line and returns it; null if there is no terminal or the input has ended. */
    @Nullable String ask(String question);
}
