package io.keysweep.cli.service;

import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.InputFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines where the new password of a user comes from: the terminal, a file or standard input. No option takes the
 * password itself, because other users of the machine could see it in the list of processes.
 */
final class PasswordSource {

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "file whose first line is the password; - for standard input. Default: asks for it twice")
    private @Nullable String file;

    /**
     * Returns the password.
     *
     * @param user name of the user, for the question
     * @throws CommandFailure if there is no terminal to ask on and no file, or if the two answers differ
     */
    String read(CommandContext context, String user) {
        if (file != null) {
            return firstLine(context, file);
        }
        String password = context.passwords().ask("New password of " + user + ": ");
        String repetition = password == null ? null : context.passwords().ask("Again: ");
        if (password == null || repetition == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "there is no terminal to ask for the password on: give --password-file");
        }
        if (!password.equals(repetition)) {
            throw new CommandFailure(ExitCode.USAGE, "the two passwords differ");
        }
        return password;
    }

    /** Returns whether the password comes from standard input. */
    boolean isStandardInput() {
        return DocumentFile.STANDARD_INPUT.equals(file);
    }

    /** Returns the first line of a file, or of standard input for {@code -}. */
    static String firstLine(CommandContext context, String file) {
        String text = file.equals(DocumentFile.STANDARD_INPUT)
                ? InputFile.standardInput(context)
                : InputFile.text(Path.of(file));
        return text.lines().findFirst().orElse("");
    }
}
