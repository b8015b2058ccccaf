package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.Interruption;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Creates the {@link CommandContext} of this process, with its real streams, environment, clock and terminal. */
final class ProcessContext {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final String STANDARD_INPUT = "0";
    private static final String STANDARD_ERROR = "2";

    private ProcessContext() {}

    static CommandContext of(Interruption interruption) {
        return new CommandContext(
                System.in,
                System.out,
                System.err,
                isTerminal(STANDARD_ERROR),
                System.getenv(),
                InstantSource.system(),
                ProcessContext::askPassword,
                interruption);
    }

    /**
     * Returns whether a file descriptor is a terminal. Java's own console answers this only for input and output
     * together, but results are often piped. Returns false on a system without {@code /proc}; the plain lines that are
     * then written do no harm on a terminal.
     */
    private static boolean isTerminal(String descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(OPEN_FILES.resolve(descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // From Java 22 on it is never null, so the terminal is checked too.
    private static @Nullable String askPassword(String question) {
        Console console = System.console();
        if (console == null || (Files.exists(OPEN_FILES) && !isTerminal(STANDARD_INPUT))) {
            return null;
        }
        char[] password = console.readPassword("%s", question);
        return password == null ? null : new String(password);
    }
}
