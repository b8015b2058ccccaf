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
 * A child process with a folder of its own, neither of which outlives us: a small shell script between us and it holds
 * the other end of a pipe and cleans up when our end closes, even if we are killed.
 */
final class GuardedProcess implements AutoCloseable {

    /**
     * More than the script gives its command before it kills it. A service that was just built writes an archive of its
     * classes when it first ends, so that the next one starts faster.
     */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

    private static final int LINES_TOLD = 20;

    private final String name;
    private final Path folder;
    private final Process guardian;

    private GuardedProcess(String name, Path folder, Process guardian) {
        this.name = name;
        this.folder = folder;
        this.guardian = guardian;
    }

    /**
     * Starts {@code command}.
     *
     * @param name what people call it
     * @param folder made for it, and removed after it
     * @param environment all of its environment
     */
    static GuardedProcess start(String name, Path folder, Map<String, String> environment, List<String> command) {
        List<String> guarded = new ArrayList<>();
        Path setsid = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(setsid)) {
            // Out of the terminal's process group: Ctrl-C is for us alone, and we stop the rest in order.
            guarded.add(setsid.toString());
        }
        guarded.addAll(List.of("/bin/sh", "-c", script(), "keysweep-guardian", folder.toString()));
        guarded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guarded)
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

    /** The folder that is removed after the process; other files may be put there. */
    Path folder() {
        return folder;
    }

    /** Whether the process has not ended by itself. */
    boolean running() {
        return guardian.isAlive() && !Files.exists(folder.resolve("exit"));
    }

    /** The end of what it has written, without the frames of stack traces. */
    String lastWords() {
        try (Stream<String> log = Files.lines(folder.resolve("log"), StandardCharsets.ISO_8859_1)) {
            List<String> lines = log.filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    /** What to say when it is needed but has ended or does not answer. */
    CommandFailure failure(String what) {
        String words = lastWords();
        return new CommandFailure(
                ExitCode.FAILED, name + " " + what + (words.isEmpty() ? "" : ". The end of what it said:\n" + words));
    }

    /** Stops the process and waits until nothing is left of it. */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            guardian.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is closed all the same.
        }
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (guardian.isAlive() && System.nanoTime() < deadline) {
            try {
                boolean ended = guardian.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (ended) {
                    break;
                }
            } catch (InterruptedException e) {
                // Told already that we should end; this is how.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String script() {
        try (InputStream script =
                Objects.requireNonNull(GuardedProcess.class.getResourceAsStream("guardian.sh"), "guardian.sh")) {
            // Without the comments, which would show in the list of processes.
            return new String(script.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
