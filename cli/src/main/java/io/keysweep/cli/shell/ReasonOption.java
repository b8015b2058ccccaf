package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Why something is asked for; shown to everybody who looks. */
public final class ReasonOption {

    private static final int LONGEST = 500;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; shown to everybody who looks")
    private @Nullable String reason;

    /**
     * The reason, or null if none was given.
     *
     * @throws CommandFailure if it breaks its rule
     */
    public @Nullable String reason() {
        if (reason != null && !valid(reason)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--reason is '" + reason.replaceAll("\\p{Cntrl}", "?") + "', must be 1 to " + LONGEST
                            + " characters without control characters");
        }
        return reason;
    }

    /** Whether a text will do as a reason. */
    public static boolean valid(String text) {
        return !text.isBlank() && text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl);
    }
}
