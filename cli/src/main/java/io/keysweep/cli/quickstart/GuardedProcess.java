package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a child process in a separate folder. The child is stopped and the folder is removed when this process ends,
 * even by SIGKILL.
 *
 * <p>A small shell script between the two processes, the guardian, reads from a pipe. When this process ends, the pipe
 * closes; then the guardian stops the child and removes the folder.
 */
final class GuardedProcess implements AutoCloseable {

    /** Longest wait for the end of the script, which itself kills a child that has not ended after 30 s. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

    /** Number of lines of the child's output in messages. */
    private static final int MAX_LOG_LINES = 20;

    private final String name;
    private final Path folder;
    private final Process guardian;

    private GuardedProcess(String name, Path folder, Process guardian) {
        this.name = name;
        this.folder = folder;
        this.guardian = guardian;
    }

    /**
     * Starts a command under the guardian script, and returns without waiting for it. A command that cannot be started
     * ends immediately, see {@link #running}.
     *
     * @param name name of the process in messages
     * @param folder folder that the guardian creates for the process, and removes after the process
     * @param environment all environment variables of the process; it inherits no others
     * @throws CommandFailure if the script cannot be started
     */
    static GuardedProcess start(String name, Path folder, Map<String, String> environment, List<String> command) {
        List<String> guardianCommand = new ArrayList<>();
        Path setsid = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(setsid)) {
            // In a separate session, the child does not receive Ctrl-C. This process stops it in an orderly way
            // instead.
            guardianCommand.add(setsid.toString());
        }
        guardianCommand.addAll(List.of("/bin/sh", "-c", script(), "keysweep-guardian", folder.toString()));
        guardianCommand.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guardianCommand)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new GuardedProcess(name, folder, builder.start());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /** Returns the folder that is removed after the process has ended. The child may write files to it. */
    Path folder() {
        return folder;
    }

    /** Returns whether the child still runs. */
    boolean running() {
        // The guardian outlives the child, and writes the file "exit" when the child has ended.
        return guardian.isAlive() && !Files.exists(folder.resolve("exit"));
    }

    /**
     * Returns the last 20 lines of the child's output, without blank lines and the frames of stack traces. Returns an
     * empty text if there is no output, or if the folder is removed already.
     */
    String lastOutput() {
        try (Stream<String> log = Files.lines(folder.resolve("log"), StandardCharsets.ISO_8859_1)) {
            List<String> lines = log.filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LOG_LINES), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    /**
     * Creates the failure for a child that has ended or does not answer; the message contains its last output.
     *
     * @param problem what is wrong, such as {@code has ended}
     */
    CommandFailure failure(String problem) {
        String output = lastOutput();
        return new CommandFailure(
                ExitCode.FAILED, name + " " + problem + (output.isEmpty() ? "" : ". Its last output:\n" + output));
    }

    /**
     * Stops the process, and waits until both the process and its folder are removed, but not longer than 40 s. An
     * interrupt does not end the wait.
     */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            guardian.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is closed even if close() throws.
        }
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (guardian.isAlive() && System.nanoTime() < deadline) {
            try {
                if (guardian.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                // The command is ending already. The wait continues, so that child and folder are removed before this
                // process ends.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the text of the guardian script. */
    private static String script() {
        try (InputStream script =
                Objects.requireNonNull(GuardedProcess.class.getResourceAsStream("guardian.sh"), "guardian.sh")) {
            // The script shows in the list of processes, so its comments are removed.
            return new String(script.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
