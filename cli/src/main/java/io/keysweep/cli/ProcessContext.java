package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.Interruption;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Creates the {@link CommandContext} of this process, with its real streams, environment, clock and terminal. */
final class ProcessContext {

    /** Linux shows the open files of this process here, as symbolic links whose names are the file descriptors. */
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private static final String STANDARD_INPUT = "0";
    private static final String STANDARD_OUTPUT = "1";
    private static final String STANDARD_ERROR = "2";

    /** The terminal that controls this process, even if all its streams are redirected. */
    private static final Path TERMINAL = Path.of("/dev/tty");

    private ProcessContext() {}

    static CommandContext of(Interruption interruption, StandardOutput output) {
        return new CommandContext(
                System.in,
                output.printer(System.out.charset()),
                System.err,
                isTerminal(STANDARD_ERROR),
                ProcessContext::terminalColumns,
                System.getenv(),
                InstantSource.system(),
                ProcessContext::askPassword,
                ProcessContext::askLine,
                interruption);
    }

    /**
     * Returns whether a file descriptor is a terminal. Java's own console answers this question only for input and
     * output together, but results are often piped.
     */
    private static boolean isTerminal(String descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(OPEN_FILES.resolve(descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return !Files.exists(OPEN_FILES) && isTerminalOfShell(descriptor);
        }
    }

    /** Asks a shell whether a file descriptor is a terminal, for a system without {@code /proc}, such as macOS. */
    static boolean isTerminalOfShell(String descriptor) {
        return succeeds("sh", "-c", "test -t " + descriptor);
    }

    /** Runs a program that uses the streams of this process, and returns whether it succeeds. */
    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Asks {@code stty} for the width in columns of the terminal that this process runs on. Returns 0 if neither
     * standard output nor standard error is a terminal, or if {@code stty} does not know the width.
     *
     * <p>This class uses no library for terminals, because such a library takes over SIGINT (Ctrl-C), with which the
     * user ends a sweep.
     */
    private static int terminalColumns() {
        if (!isTerminal(STANDARD_OUTPUT) && !isTerminal(STANDARD_ERROR)) {
            return 0;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            return rowsAndColumns.length == 2 ? Integer.parseInt(rowsAndColumns[1]) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Asks for a line of text on standard error, because standard output may be a file. Returns null if standard input
     * is not a terminal, and an empty text if it has ended (by Ctrl-D) or cannot be read.
     */
    private static @Nullable String askLine(String question) {
        if (!isTerminal(STANDARD_INPUT)) {
            return null;
        }
        System.err.print(question);
        System.err.flush();
        try {
            String line = line(System.in, Charset.defaultCharset());
            if (line != null) {
                return line;
            }
        } catch (IOException e) {
            // Without an answer, the same is true as after the end of the input.
        }
        // The terminal shows no line end, because the user has typed none.
        System.err.println();
        return "";
    }

    /**
     * Reads one line and nothing after it, so that lines that the user has pasted together answer one question each.
     * Readers of the JDK would also take what follows.
     *
     * @return the line without its end; null if the input has ended
     */
    static @Nullable String line(InputStream in, Charset charset) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        String text = line.toString(charset);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * Asks for a password, without showing what the user types. Returns null if there is no terminal or the input has
     * ended.
     */
    @SuppressWarnings("SystemConsoleNull") // From Java 22 on it may never be null.
    private static @Nullable String askPassword(String question) {
        if (!isTerminal(STANDARD_INPUT)) {
            return null;
        }
        Console console = isTerminal(STANDARD_OUTPUT) ? System.console() : null;
        if (console == null) {
            return askHidden(question);
        }
        char[] password = console.readPassword("%s", question);
        return password == null ? null : new String(password);
    }

    /**
     * Asks for a line of text on standard error, without showing what the user types. Java's own console can do this
     * only if standard output is also a terminal, and results are often written to a file.
     */
    private static @Nullable String askHidden(String question) {
        // Ctrl-C ends the process while it reads the answer.
        Thread restoration = new Thread(() -> setEcho(/* on= */ true), "keysweep-echo");
        Runtime.getRuntime().addShutdownHook(restoration);
        try {
            return setEcho(/* on= */ false) ? askLine(question) : null;
        } finally {
            setEcho(/* on= */ true);
            // The terminal has not shown the user's line end either.
            System.err.println();
            Runtime.getRuntime().removeShutdownHook(restoration);
        }
    }

    /** Switches on or off that the terminal shows what the user types. Returns whether that was possible. */
    private static boolean setEcho(boolean on) {
        return succeeds("stty", on ? "echo" : "-echo");
    }
}
