package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Runs a shell command on a real terminal, types on it, and returns what it shows.
 *
 * <p>The program {@code script} of util-linux provides the terminal.
 */
final class TerminalProcess implements AutoCloseable {

    /** The width of the terminal of a sweep. */
    static final int COLUMNS = 40;

    private static final String CTRL_C = "\u0003";

    private final Process process;
    private final Path screen;

    private TerminalProcess(Process process, Path screen) {
        this.process = process;
        this.screen = screen;
    }

    /**
     * Starts a shell command.
     *
     * @param folder receives a file with all that the terminal shows
     */
    static TerminalProcess start(String command, Path folder) throws IOException {
        Path screen = Files.createTempFile(folder, "screen", /* suffix= */ null);
        return new TerminalProcess(
                new ProcessBuilder("script", "-qefc", command, "/dev/null")
                        .redirectErrorStream(true)
                        .redirectOutput(screen.toFile())
                        .start(),
                screen);
    }

    /** Starts {@code keysweep sweep} on a terminal with {@link #COLUMNS} columns. */
    static TerminalProcess startSweep(String arguments, Path folder) throws IOException {
        List<String> program = List.of(
                "stty cols " + COLUMNS + ";",
                "exec",
                "'" + String.join("' '", CommandLineJvm.command()) + "'",
                "sweep",
                arguments);
        // The program env switches Ctrl-C on, because a test run in the background may ignore Ctrl-C, and its children
        // would, too.
        return start(
                "env --default-signal=INT TERM=xterm XDG_RUNTIME_DIR=target sh -c \"" + String.join(" ", program)
                        + "\"",
                folder);
    }

    /** Returns all that the terminal has shown so far, with its control codes. */
    String screen() {
        try {
            return Files.readString(screen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the terminal shows something, and fails as soon as the command ends before. */
    void awaitScreen(String condition, Predicate<String> isMet) {
        Waits.await(condition, process, this::screen).until(() -> isMet.test(screen()));
    }

    /** Waits until the progress bar of a sweep shows reclaimed keys. */
    void awaitReclaimedKeys() {
        awaitScreen("the bar shows reclaimed keys", shown -> shown.matches("(?s).*reclaimed [1-9].*"));
    }

    /** Waits for a question, and answers it. */
    void answer(String question, String line) throws IOException {
        awaitScreen("the question " + question, shown -> shown.contains(question));
        type(line + "\n");
    }

    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    /** Presses Ctrl-C; does nothing on a terminal whose command has ended. */
    void pressCtrlC() {
        try {
            type(CTRL_C);
        } catch (IOException e) {
            // The command has ended since the last check.
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the command has ended, and returns its exit code. */
    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(screen()).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
