package io.keysweep.cli;

import java.util.List;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Refuses arguments that no command takes, also beside {@code --help}. Picocli would show the help of the group for
 * {@code keysweep nosuch --help}, as if the command existed.
 */
final class UnknownCommands {

    private UnknownCommands() {}

    /** Throws an exception that names the arguments which nothing has matched. */
    static void refuse(ParseResult parsed) {
        for (ParseResult command = parsed; command != null; command = command.subcommand()) {
            List<String> unmatched = command.unmatched();
            if (!unmatched.isEmpty() && command.subcommand() == null) {
                throw new UnmatchedArgumentException(command.commandSpec().commandLine(), unmatched);
            }
        }
    }
}
