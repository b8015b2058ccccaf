package io.keysweep.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Refuses empty texts instead of names, ids, URIs and files, before a command runs.
 *
 * <p>A script passes an empty text if one of its variables is not set. An empty id would make a URL that ends with a
 * slash, and an empty file name would mean the current folder. Other options may be empty, because an empty text has a
 * meaning for some of them.
 */
final class EmptyArguments {

    private EmptyArguments() {}

    /** Throws an exception that names the first argument that is empty but must not be. */
    static void refuse(ParseResult parsed) {
        for (ParseResult command = parsed; command != null; command = command.subcommand()) {
            if (command.commandSpec().usageMessage().hidden()) {
                // Programs call such a command. A completion passes the beginning of a word, which may be empty.
                continue;
            }
            for (ArgSpec argument : command.matchedArgs()) {
                boolean isFile = argument.auxiliaryTypes()[0] == Path.class;
                if ((isFile || argument.isPositional())
                        && argument.originalStringValues().contains("")) {
                    throw new ParameterException(
                            command.commandSpec().commandLine(),
                            isFile ? "must be the name of a file" : "must be a text that is not empty",
                            argument,
                            /* value= */ "");
                }
            }
        }
    }
}
