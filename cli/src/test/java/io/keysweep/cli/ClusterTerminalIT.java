package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sweeps a cluster on a real terminal: the result stands below the progress bar, also after Ctrl-C. */
final class ClusterTerminalIT {

    private static RedisCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 0);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void sweep_ofAClusterToItsEnd_showsTheResultBelowTheBar() throws Exception {
        ClusterKeys.plant(cluster, /* live= */ 1_000, /* dead= */ 500);
        try (TerminalProcess terminal = TerminalProcess.startSweep(uri(), folder)) {
            assertThat(terminal.awaitEnd()).as(terminal.screen()).isZero();

            assertThat(linesOfResult(terminal, "Swept the cluster"))
                    .as(terminal.screen())
                    .noneMatch(ClusterTerminalIT::isBar);
            assertThat(terminal.screen()).containsPattern("100%.*reclaimed [1-9]");
        }
    }

    @Test
    void ctrlC_duringTheFirstShard_beginsNoOther() throws Exception {
        String screen = sweepUntilCtrlC("");

        assertThat(screen)
                .containsOnlyOnce("begins: slots")
                .containsPattern("127\\.0\\.0\\.1:\\d+ was interrupted: reclaimed")
                .doesNotContain("is done");
    }

    @Test
    void ctrlC_withJson_printsTheDocumentOnALineOfItsOwn() throws Exception {
        String screen = sweepUntilCtrlC("--json ");

        List<String> lines = screen.lines().toList();
        assertThat(lines).last().matches(line -> line.startsWith("{"));
        JsonNode document = JsonMapper.builder().build().readTree(lines.getLast());
        assertThat(document.path("ending").asString()).isEqualTo("CANCELLED");
        assertThat(document.path("nodes").size()).isEqualTo(1);
    }

    /** Presses Ctrl-C during the sweep of the first of three primaries on one host, and returns what was shown. */
    private String sweepUntilCtrlC(String options) throws IOException, InterruptedException {
        ClusterKeys.plant(cluster, /* live= */ 10_000, /* dead= */ 10_000);
        try (TerminalProcess terminal = TerminalProcess.startSweep("--max-rate 100 " + options + uri(), folder)) {
            terminal.awaitReclaimedKeys();
            terminal.pressCtrlC();

            assertThat(terminal.awaitEnd()).as(terminal.screen()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(linesOfResult(terminal, options.isEmpty() ? "Swept the cluster" : "{"))
                    .as(terminal.screen())
                    .noneMatch(ClusterTerminalIT::isBar);
            return terminal.screen();
        }
    }

    /** Returns the lines from the one that begins with a text to the end; fails if no line begins with the text. */
    private static List<String> linesOfResult(TerminalProcess terminal, String beginning) {
        List<String> lines = terminal.screen()
                .lines()
                .dropWhile(line -> !line.startsWith(beginning))
                .toList();
        assertThat(lines).as(terminal.screen()).isNotEmpty();
        return lines;
    }

    private static boolean isBar(String line) {
        return line.matches("\r? *\\d+%.*");
    }

    private static String uri() {
        return "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port();
    }
}
