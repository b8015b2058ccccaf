package io.keysweep.cli;

import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.Shell;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The world as it is: the process' own streams, environment, clock and terminal. */
final class SystemShell {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private SystemShell() {}

    static Shell of(Interruption interruption) {
        return new Shell(
                System.out,
                System.err,
                standardErrorIsTerminal(),
                System.getenv(),
                Clock.systemUTC(),
                SystemShell::askPassword,
                interruption);
    }

    /** {@code System.console()} tells of standard input and output, and a result is often piped. */
    private static boolean standardErrorIsTerminal() {
        if (!Files.isSymbolicLink(STANDARD_ERROR)) {
            return System.console() != null;
        }
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable String askPassword(String question) {
        Console console = System.console();
        char[] password = console == null ? null : console.readPassword("%s", question);
        return password == null ? null : new String(password);
    }
}
