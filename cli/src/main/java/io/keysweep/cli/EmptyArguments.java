package io.keysweep.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Refuses empty texts in place of names, ids, URIs and files, before a command runs.
 *
 * <p>An empty text comes from a variable of a script that is not set. As an id it would be a URL with a slash at the
 * end, and as a file the present folder. Options that are no files may be empty, since that means something to some.
 */
final class EmptyArguments {

    private EmptyArguments() {}

    /** Throws an exception that names the first argument whose value must not be empty and is. */
    static void refuse(ParseResult parsed) {
        for (ParseResult command = parsed; command != null; command = command.subcommand()) {
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
