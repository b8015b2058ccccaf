package io.keysweep.cli.shell;

import io.keysweep.api.UserFolders;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a command access to its process: streams, environment, clock, password prompt and signals. Commands use it
 * instead of {@link System}, so that tests can pass other streams and variables.
 *
 * @param in standard input
 * @param out standard output, for results only; its lines are escaped, see {@link TerminalStream}
 * @param err standard error, for progress and error messages; its lines are escaped too
 * @param errIsTerminal whether {@code err} is a terminal, where a progress bar can replace its own line
 * @param environment environment variables
 * @param clock clock that commands read; the system's clock outside tests
 * @param passwords asks the user for a password on the terminal
 * @param interruption notifies the command that it should end early, because of Ctrl-C or SIGTERM
 */
public record CommandContext(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean errIsTerminal,
        Map<String, String> environment,
        InstantSource clock,
        PasswordPrompt passwords,
        Interruption interruption) {

    public CommandContext {
        out = TerminalStream.to(out);
        err = TerminalStream.to(err);
        environment = Map.copyOf(environment);
    }

    /** Returns the value of an environment variable, or null if the variable is not set or blank. */
    public @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    /** Returns the folder of Keysweep's files: {@code KEYSWEEP_HOME} or, if it is not set, {@code ~/.keysweep}. */
    public Path keysweepHome() {
        return UserFolders.keysweepHome(environment);
    }

    /** Returns a text without the environment variables, which may hold passwords. */
    @Override
    public String toString() {
        return "CommandContext[errIsTerminal=" + errIsTerminal + "]";
    }
}
