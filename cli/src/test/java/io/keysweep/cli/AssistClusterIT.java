package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs {@code keysweep sweep --assist-only} on a cluster, with several primaries at the same time.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. While writes
 * are paused on a primary, assist has to wait there (a hold). So these tests pause writes on all primaries, and see how
 * many primaries are on hold at the same time.
 */
final class AssistClusterIT {

    private static RedisCluster cluster;

    @TempDir
    private Path home;

    private TestShell shell;

    @BeforeAll
    static void start() {
        // Only Valkey reports paused writes.
        cluster = RedisCluster.start(RedisVersion.VALKEY_9, /* primaries= */ 3, /* replicas= */ 0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void plant() {
        ClusterKeys.plant(cluster, /* live= */ 200, /* dead= */ 1_000);
        shell = new TestShell().withHome(home).withClock(InstantSource.system());
    }

    @AfterEach
    void unpause() {
        callAll("CLIENT", "UNPAUSE");
    }

    @Test
    void assistOnly_severalPrimariesPerHost_assistsThemAtTheSameTimeAndCancelEndsAll() throws Exception {
        callAll("CLIENT", "PAUSE", "600000", "WRITE");
        BackgroundCommand command = assist("--parallel-per-host", "3");
        try {
            command.awaitErr("(and 2 more)");

            call(cluster.nodes().getFirst(), "CLIENT", "UNPAUSE");
            command.awaitErr("2 of 3 primaries held: ");
        } finally {
            shell.interrupt();
        }

        assertThat(command.exitCode()).as(command.description()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(endings()).containsExactly("CANCELLED", "CANCELLED", "CANCELLED");
        assertFormerSettings();
    }

    @Test
    void assistOnly_cancelledWhilePrimariesWait_doesNotAssistThem() throws Exception {
        callAll("CLIENT", "PAUSE", "600000", "WRITE");
        BackgroundCommand command = assist("--parallel", "2", "--parallel-per-host", "3");
        try {
            command.awaitErr("(and 1 more)");
        } finally {
            shell.interrupt();
        }

        assertThat(command.exitCode()).as(command.description()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(endings()).containsExactly("CANCELLED", "CANCELLED");
        assertThat(shell.err()).doesNotContain("(and 2 more)");
        assertFormerSettings();
    }

    @Test
    void assistOnly_onePrimaryPerHost_assistsAllOneAfterTheOther() throws Exception {
        callAll("DEBUG", "SET-ACTIVE-EXPIRE", "1");

        BackgroundCommand command = assist();

        assertThat(command.exitCode()).as(command.description()).isEqualTo(ExitCode.DONE.number());
        assertThat(document().get("refused")).isEmpty();
        assertThat(document()
                        .get("nodes")
                        .valueStream()
                        .map(node -> node.get("nodeId").asString()))
                .containsExactlyInAnyOrderElementsOf(cluster.nodes().stream()
                        .map(node -> "127.0.0.1:" + node.port())
                        .toList());
        assertThat(document().get("total").get("estimatedLeft").asLong()).isZero();
        assertThat(ClusterKeys.count(cluster)).isEqualTo(600);
        assertFormerSettings();
    }

    /** Starts {@code keysweep sweep --assist-only --json} with more options. */
    private BackgroundCommand assist(String... options) {
        Stream<String> ends = Stream.of(
                "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port());
        return BackgroundCommand.start(
                shell,
                Stream.of(Stream.of("sweep", "--assist-only", "--json"), Stream.of(options), ends)
                        .flatMap(part -> part)
                        .toArray(String[]::new));
    }

    /** Returns the JSON that the command has written. */
    private JsonNode document() {
        return JsonMapper.builder().build().readTree(shell.out());
    }

    /** Returns how assist has ended on each primary that it reports. */
    private List<String> endings() {
        return document()
                .get("nodes")
                .valueStream()
                .map(node -> node.get("ending").asString())
                .toList();
    }

    private static void assertFormerSettings() {
        for (RedisServer node : cluster.nodes()) {
            try (RespClient client = node.client()) {
                assertThat(Stream.of("hz", "active-expire-effort")
                                .map(name ->
                                        ((List<?>) Objects.requireNonNull(client.call("CONFIG", "GET", name))).get(1)))
                        .as("settings of " + node.port())
                        .isEqualTo(List.of("10", "1"));
            }
        }
    }

    private static void callAll(String... command) {
        cluster.nodes().forEach(node -> call(node, command));
    }

    private static void call(RedisServer node, String... command) {
        try (RespClient client = node.client()) {
            client.call(command);
        }
    }
}
