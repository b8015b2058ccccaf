package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespException;
import io.keysweep.testkit.RespProxy;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills {@code keysweep sweep --assist} at different points, and checks that the server gets its former settings back.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 *
 * <p>The command runs in a separate process and reaches the server through a proxy. The proxy counts CONFIG SET
 * commands and withholds the reply to a chosen one, so that the process is killed exactly after that change.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class AssistKillIT {

    private static final int LIVE = 2_000;
    private static final int DEAD = 1_000;

    /** The settings before assist: hz, active-expire-effort, lazyfree-lazy-expire. */
    private static final List<String> FORMER = List.of("10", "1", "no");

    @TempDir
    private Path home;

    private final List<Process> processes = new ArrayList<>();

    /** The number of CONFIG SET commands that the server still runs; the process gets no reply to the last of them. */
    private final AtomicInteger changesLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** Released when the server has run the last of these commands. */
    private final CountDownLatch lastChangeIsMade = new CountDownLatch(1);

    /** Released when the process has been killed or told to end; the proxy then continues. */
    private final CountDownLatch processIsStopped = new CountDownLatch(1);

    /**
     * Whether the proxy then closes the connection. The changes of a turn are sent together, so without this the server
     * would also run those after the last change.
     */
    private volatile boolean isConnectionCut;

    @AfterEach
    void stop() throws InterruptedException {
        processIsStopped.countDown();
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    /**
     * Each row is a point at which the process is killed: the version, the number of CONFIG SET commands that the
     * server has run, and the values of hz, active-expire-effort and lazyfree-lazy-expire at that point. Commands 1 to
     * 3 only test whether they are allowed. Commands 4 to 6 raise lazyfree-lazy-expire, hz and active-expire-effort.
     * Commands 7 and 8 are the first two that put a former value back.
     */
    @ParameterizedTest
    @CsvSource({
        "6.0, 4, 10, 1, yes",
        "7.0, 5, 500, 1, yes",
        "8.0, 6, 500, 10, yes",
        "7.0, 7, 500, 1, yes",
        "6.0, 8, 10, 1, yes",
    })
    void sweep_killedAtAnyChange_nextSweepRestoresTheSettings(
            String version, int changes, String hz, String effort, String lazyFree) throws Exception {
        try (RedisServer redis = RedisServer.start(Objects.requireNonNull(RedisVersion.ofLabel(version)));
                RespClient client = redis.client();
                RespProxy proxy = RespProxy.inFrontOf(List.of(redis), connection -> this::reply)) {
            plant(client);
            changesLeft.set(changes);
            Process sweep = start(proxy.uri());
            awaitLastChange(sweep);
            isConnectionCut = true;
            sweep.destroyForcibly().waitFor();
            processIsStopped.countDown();

            assertThat(settings(client)).containsExactly(hz, effort, lazyFree);

            // The doctor shows the raised settings, and changes nothing.
            TestShell doctor = run(ExitCode.DONE, "doctor", proxy.uri());
            assertThat(doctor.out()).contains("assist-settings-raised", "CONFIG SET lazyfree-lazy-expire no");
            assertThat(doctor.out().contains("CONFIG SET hz 10")).isEqualTo(hz.equals("500"));
            assertThat(settings(client)).containsExactly(hz, effort, lazyFree);

            // The next sweep restores the former settings.
            TestShell nextSweep = run(ExitCode.DONE, "sweep", "--quiet", "--profile=full", proxy.uri());
            assertThat(nextSweep.out()).contains("(exact)");
            assertThat(settings(client)).isEqualTo(FORMER);
            assertThat(run(ExitCode.DONE, "doctor", proxy.uri()).out()).doesNotContain("assist-settings-raised");
        }
    }

    @Test
    void sweep_terminatedWhileSettingsAreRaised_restoresThemBeforeItEnds() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                RespProxy proxy = RespProxy.inFrontOf(List.of(redis), connection -> this::reply)) {
            plant(client);
            // The process ends while all settings are raised: command 6 is the last one that raises a setting.
            changesLeft.set(6);
            Process sweep = start(proxy.uri());
            awaitLastChange(sweep);
            // This sends SIGTERM.
            sweep.destroy();
            processIsStopped.countDown();

            assertThat(sweep.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(sweep.exitValue()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(settings(client)).isEqualTo(FORMER);
            assertThat(run(ExitCode.DONE, "doctor", "--assist", proxy.uri()).out())
                    .contains("assist-possible", " +config|get")
                    .contains(" +config|set")
                    .doesNotContain("assist-settings-raised");
        }
    }

    @Test
    void sweep_terminatedTwiceWhileTheServerIsSilent_endsWithoutAReply() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                RespProxy proxy = RespProxy.inFrontOf(List.of(redis), connection -> this::reply)) {
            plant(client);
            changesLeft.set(6);
            Process sweep = start(proxy.uri());
            awaitLastChange(sweep);

            // After one signal the process would wait for the reply, which the proxy withholds, for up to a minute.
            Waits.await("the end of the process").atMost(30, TimeUnit.SECONDS).until(() -> {
                // This sends SIGTERM.
                sweep.destroy();
                return !sweep.isAlive();
            });
            processIsStopped.countDown();

            assertThat(sweep.exitValue()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(error())
                    .contains("had visited 0 keys and reclaimed 0", "may still be raised by assist", "doctor");
            assertThat(settings(client)).containsExactly("500", "10", "yes");
            assertThat(run(ExitCode.DONE, "doctor", proxy.uri()).out()).contains("assist-settings-raised");

            // The next sweep restores the former settings.
            run(ExitCode.DONE, "sweep", "--quiet", "--profile=full", proxy.uri());
            assertThat(settings(client)).isEqualTo(FORMER);
        }
    }

    @Test
    void assistOnly_serverWithItsOwnExpiry_reportsWhatTheServerDidAndWhatIsLeft() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, LIVE)
                    .plant(/* db= */ 0, /* live= */ 0, DEAD);
            keys.switchExpiryOn();
            JsonNode report = JsonMapper.builder()
                    .build()
                    .readTree(run(ExitCode.DONE, "sweep", "--assist-only", "--json", redis.uri())
                            .out());
            JsonNode assist = report.get("nodes").get(0);

            assertThat(assist.get("ending").asString()).isEqualTo("NOTHING_LEFT");
            assertThat(report.get("total").get("reclaimed").asLong()).isBetween(0L, (long) DEAD);
            assertThat(report.get("total").get("estimatedLeft").asLong()).isZero();
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @Test
    void assistOnly_clusterWithADeadPrimary_reportsTheOthers() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 0)) {
            RedisServer dead = cluster.nodes().getFirst();
            dead.kill();
            String uri =
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getLast().port();
            JsonNode report = JsonMapper.builder()
                    .build()
                    .readTree(run(ExitCode.UNREACHABLE, "sweep", "--assist-only", "--json", uri)
                            .out());

            assertThat(report.get("nodes").size()).isEqualTo(2);
            assertThat(report.get("refused").size()).isEqualTo(1);
            assertThat(report.get("refused").get(0).get("nodeId").asString()).endsWith(":" + dead.port());
            assertThat(run(ExitCode.UNREACHABLE, "sweep", "--assist-only", uri).out())
                    .contains("NOT ASSISTED: 127.0.0.1:" + dead.port() + " accepts no connection");
        }
    }

    @Test
    void assistOnly_clusterWithoutSlots_isUnreachable() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes")) {
            assertThat(run(ExitCode.UNREACHABLE, "sweep", "--assist-only", "redis-cluster://127.0.0.1:" + redis.port())
                            .out())
                    .contains("NOT ASSISTED: slots 0-16383 are served by no primary");
        }
    }

    @Test
    void assist_cluster_reportsTheAssistOfItsPrimary() throws Exception {
        try (RedisServer redis = RedisServer.startWithAllSlots(RedisVersion.REDIS_8_0);
                RespClient client = redis.client()) {
            KeySpace keys = plant(client);
            keys.switchExpiryOn();
            String uri = "redis-cluster://127.0.0.1:" + redis.port();
            JsonNode report = JsonMapper.builder()
                    .build()
                    .readTree(run(ExitCode.DONE, "sweep", "--assist", "--json", uri)
                            .out());

            assertThat(report.get("total").get("exact").asBoolean()).isTrue();
            assertThat(report.get("assists").size()).isEqualTo(1);
            assertThat(report.get("assists").get(0).get("nodeId").asString()).endsWith(":" + redis.port());
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    /** Runs a command on the server; withholds the reply to the last CONFIG SET until the process has ended. */
    private Object reply(List<String> command, List<RespClient> servers) {
        Object reply = servers.getFirst().call(command.toArray(String[]::new));
        // CONFIG SET NAME VALUE
        if (command.size() == 4 && command.get(1).equals("SET") && changesLeft.decrementAndGet() == 0) {
            lastChangeIsMade.countDown();
            try {
                processIsStopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (isConnectionCut) {
                throw new RespException("the connection is cut", new IOException());
            }
        }
        return Objects.requireNonNullElse(reply, "");
    }

    private static KeySpace plant(RespClient client) {
        return KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
    }

    /** Returns the current values of the settings, in the order of {@link #FORMER}. */
    private static List<String> settings(RespClient client) {
        return Stream.of("hz", "active-expire-effort", "lazyfree-lazy-expire")
                .map(name ->
                        String.valueOf(((List<?>) Objects.requireNonNull(client.call("CONFIG", "GET", name))).get(1)))
                .toList();
    }

    /** Starts {@code keysweep sweep --assist} in a separate process. */
    private Process start(String uri) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(CommandLineJvm.command("sweep", "--assist", uri));
        builder.environment().put("KEYSWEEP_HOME", home.toString());
        builder.environment().put("XDG_RUNTIME_DIR", home.toString());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(home.resolve("err").toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Waits until the server has run the last CONFIG SET, whose reply the sweep waits for. */
    private void awaitLastChange(Process sweep) {
        Waits.await("the last change is made", sweep, this::error).until(() -> lastChangeIsMade.getCount() == 0);
    }

    private String error() {
        try {
            return Files.readString(home.resolve("err"));
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    /** Runs a command in this process, checks its exit code, and returns the shell with its output. */
    private TestShell run(ExitCode exitCode, String... arguments) {
        TestShell shell = new TestShell().withHome(home).withClock(InstantSource.system());
        assertThat(KeysweepCommand.run(shell.context(), arguments))
                .as(shell.out() + shell.err())
                .isEqualTo(exitCode.number());
        return shell;
    }
}
