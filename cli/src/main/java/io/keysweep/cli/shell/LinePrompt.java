package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks the user for a line of text on the terminal. */
@FunctionalInterface
public interface LinePrompt {

    /** Shows {@code question}, waits for a line and returns it; empty if the input has ended, null if there is no terminal. */
    @Nullable String ask(String question);
}
