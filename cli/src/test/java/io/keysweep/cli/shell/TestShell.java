package io.keysweep.cli.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Simulates the shell in which a person runs a command: it has variables, a clock and typed input, and records what the
 * command writes.
 *
 * <p>Without settings it has no terminal, and its time is always 2026-01-01T00:00:00Z.
 */
public final class TestShell {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>(
            Map.of("XDG_RUNTIME_DIR", Path.of("target").toAbsolutePath().toString()));
    private final List<Runnable> onInterrupt = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();
    private final Queue<String> typedLines = new ArrayDeque<>();
    private @Nullable String typedPassword;
    private InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private boolean terminal;
    private String input = "";

    /** Sets an environment variable. */
    public TestShell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Sets the folder in which Keysweep stores its files. */
    public TestShell withHome(Path folder) {
        return with("KEYSWEEP_HOME", folder.toString());
    }

    /** Sets the answer to each question for a password; without it there is no terminal to ask on. */
    public TestShell withTypedPassword(String password) {
        typedPassword = password;
        return this;
    }

    /** Adds the answer to one question that is not for a password. */
    public TestShell withTypedLine(String line) {
        typedLines.add(line);
        return this;
    }

    /** Replaces the fixed time by a clock. */
    public TestShell withClock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /** Sets the text of standard input. */
    public TestShell withInput(String text) {
        input = text;
        return this;
    }

    /** Makes standard error a terminal. */
    public TestShell onTerminal() {
        terminal = true;
        return this;
    }

    /** Returns the surroundings of a command that runs in this shell. */
    public CommandContext context() {
        return new CommandContext(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, /* autoFlush= */ true, StandardCharsets.UTF_8),
                new PrintStream(err, /* autoFlush= */ true, StandardCharsets.UTF_8),
                terminal,
                /* terminalColumns= */ () -> 0,
                environment,
                clock,
                question -> {
                    questions.add(question);
                    return typedPassword;
                },
                question -> {
                    questions.add(question);
                    return typedLines.poll();
                },
                action -> {
                    onInterrupt.add(action);
                    return () -> onInterrupt.remove(action);
                });
    }

    /** Runs the actions that the command has registered for an interrupt, as Ctrl-C does. */
    public void interrupt() {
        List.copyOf(onInterrupt).forEach(Runnable::run);
    }

    /** Returns what commands have written to standard output. */
    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Returns what commands have written to standard error. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Returns the questions that commands have asked, in their order. */
    public List<String> questions() {
        return questions;
    }
}
