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
            description = "reason, which other users see with the scan or sweep")
    private @Nullable String reason;

    /**
     * Returns the reason, or null if the option is not given.
     *
     * @throws CommandFailure if the reason is blank, has more than 500 characters, or has control characters
     */
    public @Nullable String reason() {
        if (reason != null && !valid(reason)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--reason is '" + ForeignText.line(reason) + "', must be 1 to " + MAX_LENGTH
                            + " characters without control characters");
        }
        return reason;
    }

    /** Returns whether a text is a valid reason: 1 to 500 characters, not blank, without control characters. */
    public static boolean valid(String text) {
        return !text.isBlank() && text.length() <= MAX_LENGTH && ForeignText.isPrintable(text);
    }
}
