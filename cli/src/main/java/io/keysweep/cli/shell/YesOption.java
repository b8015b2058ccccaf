package io.keysweep.cli.shell;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
        String answer = ask(context, question + " [y/N] ");
        if (answer == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "nothing was changed: there is no terminal to ask on, so give --yes");
        }
        if (!answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "nothing was changed, because the answer was not 'y'");
        }
    }

    /** Returns whether the user has given {@code --yes}, so that {@link #confirm} asks nothing. */
    public boolean isGiven() {
        return yes;
    }

    /** Asks a question. If Ctrl-C ends the process instead of an answer, says that nothing was changed. */
    private static @Nullable String ask(CommandContext context, String question) {
        Interruption.Registration registration = context.interruption().beforeAbruptEnd(() -> {
            context.err().println();
            context.err().println("keysweep: nothing was changed, because Ctrl-C has ended the command");
            context.err().flush();
        });
        try {
            return context.answers().ask(question);
        } finally {
            registration.withdraw();
        }
    }
}
