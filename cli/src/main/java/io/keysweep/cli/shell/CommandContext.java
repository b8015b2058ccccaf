package io.keysweep.cli.shell;

import io.keysweep.api.UserFolders;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives a command access to its process: streams, environment, clock, prompts and signals.
 *
 * <p>Commands use it instead of {@link System}, so that tests can pass other streams and variables.
 *
 * @param in standard input
 * @param out standard output, for results only; its lines are escaped, see {@link TerminalStream}
 * @param err standard error, for progress and error messages; its lines are escaped too
 * @param errIsTerminal whether {@code err} is a terminal, where a progress bar can replace its own line
 * @param terminalColumns returns the current width of the user's terminal in columns; 0 if there is no terminal
 * @param environment environment variables
 * @param clock clock that commands read; the system's clock outside tests
 * @param passwords asks the user for a password on the terminal
 * @param answers asks the user for a line of text on the terminal
 * @param interruption notifies the command that it should end early, because of Ctrl-C or SIGTERM
 */
public record CommandContext(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean errIsTerminal,
        IntSupplier terminalColumns,
        Map<String, String> environment,
        InstantSource clock,
        PasswordPrompt passwords,
        LinePrompt answers,
        Interruption interruption) {

    private static final int DEFAULT_COLUMNS = 80;

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

    /**
     * Returns how many columns a line of text may have. This is the variable {@code COLUMNS} if it is a number from 1
     * to 9999, else the width of the user's terminal, else 80.
     */
    public int columns() {
        String variable = variable("COLUMNS");
        if (variable != null && variable.matches("[1-9]\\d{0,3}")) {
            return Integer.parseInt(variable);
        }
        int terminal = terminalColumns.getAsInt();
        return terminal > 0 ? terminal : DEFAULT_COLUMNS;
    }

    /**
     * Returns the folder of Keysweep's files: {@code KEYSWEEP_HOME} or, if that is not set, {@code ~/.keysweep}. The
     * folder need not exist.
     *
     * @throws CommandFailure if {@code KEYSWEEP_HOME} is not set and the user has no home folder
     */
    public Path keysweepHome() {
        try {
            return UserFolders.keysweepHome(environment);
        } catch (IllegalStateException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns a text without the environment variables, which may hold passwords. */
    @Override
    public String toString() {
        return "CommandContext[errIsTerminal=" + errIsTerminal + "]";
    }
}
