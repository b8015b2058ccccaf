package io.keysweep.cli.shell;

import java.util.Locale;
import picocli.CommandLine.Option;

/** Defines {@code --yes}, and asks the user to confirm an action that cannot be undone. */
public final class YesOption {

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask for confirmation")
    private boolean yes;

    /**
     * Asks the question, unless {@code --yes} is given, and returns if the user confirms.
     *
     * @param question a sentence that ends with a question mark
     * @throws CommandFailure if the answer is anything but {@code y} or {@code yes}, or if there is no terminal to ask
     *     on; the command has then changed nothing
     */
    public void confirm(CommandContext context, String question) {
        if (yes) {
            return;
        }
        String answer = context.answers().ask(question + " [y/N] ");
        if (answer == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "nothing was changed: there is no terminal to ask on, so give --yes");
        }
        if (!answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "nothing was changed, because the answer was not 'y'");
        }
    }
}
