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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code keysweep} as a process on a real terminal, presses Ctrl-C and pastes lines. */
final class TerminalIT {

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
                .allMatch(drawing -> drawing.split("\u001b", -1)[0].length() < TerminalProcess.COLUMNS);
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
        Path metrics = folder.resolve("sweep.prom");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 20_000);
            try (TerminalProcess terminal = slowSweep(redis, " --json --metrics-file " + metrics)) {
                terminal.awaitReclaimedKeys();
                redis.freeze();
                Waits.await("the end of the command").until(() -> {
                    terminal.pressCtrlC();
                    return !terminal.isAlive();
                });

                assertThat(terminal.awaitEnd()).as(terminal.screen()).isEqualTo(ExitCode.INTERRUPTED.number());
                assertThat(terminal.screen())
                        .containsPattern("the sweep had visited [1-9][0-9,]* keys and reclaimed [1-9]")
                        .doesNotContain("{");
                assertThat(Files.readString(metrics)).contains("keysweep_sweep_exit_code{", "} 130.0");
            }
        }
    }

    @Test
    void linesPastedTogether_answerOneQuestionEach() throws Exception {
        try (TerminalProcess terminal = TerminalProcess.start(login(), folder)) {
            terminal.answer("Project id: ", "project\nak\nsk");

            assertThat(terminal.awaitEnd()).as(terminal.screen()).isEqualTo(ExitCode.UNREACHABLE.number());
            assertThat(terminal.screen()).contains("Access key: ", "Secret key: ", "nothing listens there");
        }
    }

    /** The question appears although the result goes to a file. Java's own console asks no questions then. */
    @Test
    void secretKey_outputIsRedirected_isAskedForWithoutShowingIt() throws Exception {
        try (TerminalProcess terminal = TerminalProcess.start(login() + " >/dev/null", folder)) {
            terminal.answer("Project id: ", "project");
            terminal.answer("Access key: ", "ak");
            terminal.answer("Secret key: ", "unseen");

            assertThat(terminal.awaitEnd()).as(terminal.screen()).isEqualTo(ExitCode.UNREACHABLE.number());
            assertThat(terminal.screen()).contains("nothing listens there").doesNotContain("unseen");
        }
    }

    @Test
    void shell_asOnASystemWithoutProc_recognizesATerminal() throws Exception {
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                "0",
                "1",
                "2");
        try (TerminalProcess terminal =
                TerminalProcess.start("'" + String.join("' '", program) + "' 2>/dev/null", folder)) {
            terminal.awaitEnd();
            assertThat(terminal.screen()).contains("0 true", "1 true", "2 false");
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

    /** Starts a slow sweep, presses Ctrl-C once the bar shows reclaimed keys, and returns what the terminal showed. */
    private String sweepUntilCtrlC(String options) throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 20_000);
            try (TerminalProcess terminal = slowSweep(redis, options)) {
                terminal.awaitReclaimedKeys();
                terminal.pressCtrlC();

                assertThat(terminal.awaitEnd()).as(terminal.screen()).isEqualTo(ExitCode.INTERRUPTED.number());
                return terminal.screen();
            }
        }
    }

    private TerminalProcess slowSweep(RedisServer redis, String options) throws IOException {
        return TerminalProcess.startSweep("--max-rate 100" + options + " " + redis.uri(), folder);
    }

    /** Returns the shell command of a login that ends after its questions, because nothing listens on port 1. */
    private String login() {
        return "env TERM=xterm KEYSWEEP_HOME='" + folder + "' '" + String.join("' '", CommandLineJvm.command())
                + "' login http://127.0.0.1:1";
    }
}
