package io.keysweep.cli.shell;

import io.keysweep.engine.text.ForeignText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines {@code --reason}, the text with which a user explains a pause, resume, cancel, hold or change of pace to
 * others.
 */
public final class ReasonOption {

    private static final int MAX_LENGTH = 500;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "why you do this; other users see it with the scan or sweep")
    private @Nullable String reason;

    /**
     * Returns the reason, or null if the option is not given.
     *
     * @throws CommandFailure if the reason is blank, has more than 500 characters, or has control characters
     */
    public @Nullable String reason() {
        if (reason != null && !valid(reason)) {
            throw new CommandFailure(ExitCode.USAGE, refusal(reason));
        }
        return reason;
    }

    /** Returns the message for a text that is not a valid reason. */
    public static String refusal(String text) {
        return "--reason is '" + ForeignText.line(text) + "', must be 1 to " + MAX_LENGTH
                + " characters without control characters";
    }

    /** Returns whether a text is a valid reason: 1 to 500 characters, not blank, without control characters. */
    public static boolean valid(String text) {
        return !text.isBlank() && text.length() <= MAX_LENGTH && ForeignText.isPrintable(text);
    }
}
