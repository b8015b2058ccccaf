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

/** Creates shells for tests: it records what a command writes, and {@link #interrupt} simulates Ctrl-C. */
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

    public TestShell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public TestShell withHome(Path folder) {
        return with("KEYSWEEP_HOME", folder.toString());
    }

    public TestShell withTypedPassword(String password) {
        typedPassword = password;
        return this;
    }

    public TestShell withTypedLine(String line) {
        typedLines.add(line);
        return this;
    }

    public TestShell withClock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    public TestShell withInput(String text) {
        input = text;
        return this;
    }

    public TestShell onTerminal() {
        terminal = true;
        return this;
    }

    public CommandContext context() {
        return new CommandContext(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, /* autoFlush= */ true, StandardCharsets.UTF_8),
                new PrintStream(err, /* autoFlush= */ true, StandardCharsets.UTF_8),
                terminal,
                () -> 0,
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

    public void interrupt() {
        List.copyOf(onInterrupt).forEach(Runnable::run);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    public List<String> questions() {
        return questions;
    }
}
