package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs {@code keysweep} as a process on a real terminal, presses Ctrl-C and pastes lines.
 *
 * <p>The program {@code script} of util-linux provides the terminal.
 */
final class TerminalIT {

    private static final int COLUMNS = 40;
    private static final String CTRL_C = "\u0003";

    @TempDir
    private Path folder;

    @Test
    void ctrlC_onATerminal_endsTheSweepWithItsResult() throws Exception {
        String output = sweepUntilCtrlC("");

        assertThat(output).contains("interrupted after").containsPattern("expired keys? \\(exact\\)");
        assertThat(output.lines()
                        .flatMap(line -> Arrays.stream(line.split("\r")))
                        .filter(text -> text.matches(" *\\d+%.*")))
                .isNotEmpty()
                .allMatch(drawing -> drawing.split("\u001b", -1)[0].length() < COLUMNS);
    }

    @Test
    void ctrlC_withJson_printsTheDocument() throws Exception {
        String output = sweepUntilCtrlC(" --json");

        String line =
                output.lines().filter(text -> text.startsWith("{")).findFirst().orElseThrow();
        JsonNode document = JsonMapper.builder().build().readTree(line);

        assertThat(document.path("ending").asString()).isEqualTo("CANCELLED");
        assertThat(document.path("total").path("reclaimed").asLong()).isPositive();
    }

    @Test
    void ctrlC_twiceWhileTheServerDoesNotAnswer_endsTheSweepWithItsCounts() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 20_000);
            Path screen = folder.resolve("shown");
            Path metrics = folder.resolve("sweep.prom");
            Process terminal = onTerminal(command(redis, " --json --metrics-file " + metrics), screen);
            try {
                Waits.await("the bar shows reclaimed keys", terminal, () -> text(screen))
                        .until(() -> text(screen).matches("(?s).*reclaimed [1-9].*"));
                redis.freeze();
                Waits.await("the end of the command").until(() -> {
                    pressCtrlC(terminal);
                    return !terminal.isAlive();
                });

                assertThat(terminal.exitValue()).as(text(screen)).isEqualTo(ExitCode.INTERRUPTED.number());
                assertThat(text(screen))
                        .containsPattern("the sweep had visited [1-9][0-9,]* keys and reclaimed [1-9]")
                        .doesNotContain("{");
                assertThat(text(metrics)).contains("keysweep_sweep_exit_code{", "} 130.0");
            } finally {
                terminal.destroyForcibly();
            }
        }
    }

    @Test
    void linesPastedTogether_answerOneQuestionEach() throws Exception {
        Path screen = folder.resolve("shown");
        // Nothing listens on port 1, so the login ends after its questions.
        String command = "env TERM=xterm KEYSWEEP_HOME='" + folder + "' '"
                + String.join("' '", CommandLineJvm.command()) + "' login http://127.0.0.1:1";
        Process terminal = onTerminal(command, screen);
        try {
            Waits.await("the first question", terminal, () -> text(screen))
                    .until(() -> text(screen).contains("Project id: "));
            terminal.getOutputStream().write("project\nak\nsk\n".getBytes(StandardCharsets.US_ASCII));
            terminal.getOutputStream().flush();

            assertThat(terminal.waitFor(1, TimeUnit.MINUTES)).as(text(screen)).isTrue();
            assertThat(terminal.exitValue()).as(text(screen)).isEqualTo(ExitCode.UNREACHABLE.number());
            assertThat(text(screen)).contains("Access key: ", "Secret key: ", "nothing listens there");
        } finally {
            terminal.destroyForcibly();
        }
    }

    /** The question appears although the result goes to a file. Java's own console asks no questions then. */
    @Test
    void secretKey_outputIsRedirected_isAskedForWithoutShowingIt() throws Exception {
        Path screen = folder.resolve("shown");
        String command = "env TERM=xterm KEYSWEEP_HOME='" + folder + "' '"
                + String.join("' '", CommandLineJvm.command()) + "' login http://127.0.0.1:1 >/dev/null";
        Process terminal = onTerminal(command, screen);
        try {
            answer(terminal, screen, "Project id: ", "project\n");
            answer(terminal, screen, "Access key: ", "ak\n");
            answer(terminal, screen, "Secret key: ", "unseen\n");

            assertThat(terminal.waitFor(1, TimeUnit.MINUTES)).as(text(screen)).isTrue();
            assertThat(terminal.exitValue()).as(text(screen)).isEqualTo(ExitCode.UNREACHABLE.number());
            assertThat(text(screen)).contains("nothing listens there").doesNotContain("unseen");
        } finally {
            terminal.destroyForcibly();
        }
    }

    @Test
    void shell_asOnASystemWithoutProc_recognizesATerminal() throws Exception {
        Path screen = folder.resolve("shown");
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                "0",
                "1",
                "2");
        Process terminal = onTerminal("'" + String.join("' '", program) + "' 2>/dev/null", screen);
        try {
            assertThat(terminal.waitFor(1, TimeUnit.MINUTES)).as(text(screen)).isTrue();
            assertThat(text(screen)).contains("0 true", "1 true", "2 false");
        } finally {
            terminal.destroyForcibly();
        }
    }

    /** Presses Ctrl-C; does nothing on a terminal whose program has ended. */
    private static void pressCtrlC(Process terminal) {
        try {
            terminal.getOutputStream().write(CTRL_C.getBytes(StandardCharsets.US_ASCII));
            terminal.getOutputStream().flush();
        } catch (IOException e) {
            // The program has ended since the last check.
        }
    }

    /** Prints for each file descriptor whether the shell recognizes it as a terminal. */
    static final class Probe {

        private Probe() {}

        public static void main(String[] descriptors) {
            for (String descriptor : descriptors) {
                System.out.println(descriptor + " " + ProcessContext.isTerminalOfShell(descriptor));
            }
        }
    }

    /** Runs a command on a terminal, whose output goes to a file. */
    private static Process onTerminal(String command, Path screen) throws IOException {
        return new ProcessBuilder("script", "-qefc", command, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile())
                .start();
    }

    private static void answer(Process terminal, Path screen, String question, String line) throws IOException {
        Waits.await("the question " + question, terminal, () -> text(screen))
                .until(() -> text(screen).contains(question));
        terminal.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        terminal.getOutputStream().flush();
    }

    /** Starts a slow sweep, presses Ctrl-C once the bar shows reclaimed keys, and returns what the terminal showed. */
    private String sweepUntilCtrlC(String options) throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 20_000);
            Path screen = folder.resolve("shown");
            Process terminal = onTerminal(command(redis, options), screen);
            try {
                Waits.await("the bar shows reclaimed keys", terminal, () -> text(screen))
                        .until(() -> text(screen).matches("(?s).*reclaimed [1-9].*"));
                pressCtrlC(terminal);

                assertThat(terminal.waitFor()).as(text(screen)).isEqualTo(ExitCode.INTERRUPTED.number());
                return text(screen);
            } finally {
                terminal.destroyForcibly();
            }
        }
    }

    /** Returns the shell command of a slow sweep on a terminal with {@link #COLUMNS} columns. */
    private static String command(RedisServer redis, String options) {
        List<String> program = List.of(
                "stty cols " + COLUMNS + ";",
                "exec",
                "'" + String.join("' '", CommandLineJvm.command()) + "'",
                "sweep --max-rate 100" + options,
                redis.uri());
        // The program env switches Ctrl-C on, because a test run in the background may ignore Ctrl-C, and its children
        // would, too.
        return "env --default-signal=INT TERM=xterm XDG_RUNTIME_DIR=target sh -c \"" + String.join(" ", program) + "\"";
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
