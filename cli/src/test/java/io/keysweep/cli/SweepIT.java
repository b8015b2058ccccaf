package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code keysweep sweep} on a real server, through the whole command line. */
final class SweepIT {

    private final SweepRun sweep = new SweepRun();

    @Test
    void sweep_twoDatabases_reclaimsExactlyTheDeadKeys() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keySpace = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 4_000, /* dead= */ 2_000)
                    .plant(/* db= */ 5, /* live= */ 1_000, /* dead= */ 700);

            assertThat(sweep.run(redis.uri())).isZero();

            assertThat(keySpace.size(0)).isEqualTo(4_000);
            assertThat(keySpace.size(5)).isEqualTo(1_000);
            assertThat(sweep.shell().out())
                    .contains("Swept 127.0.0.1:" + redis.port() + " (Redis 7.0.")
                    .contains("2,700 expired keys (exact)")
                    .containsPattern("db 0 +visited [\\d,]+, reclaimed 2,000")
                    .containsPattern("db 5 +visited [\\d,]+, reclaimed 700");
            assertThat(sweep.shell().err())
                    .contains("7,700 keys in 2 databases")
                    .contains("100 %")
                    .doesNotContain("\r");
        }
    }

    @Test
    void sweep_databasesWithoutTtl_areCoveredWithThatReason() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_8_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, /* count= */ 300)
                    .plant(/* db= */ 5, /* live= */ 100, /* dead= */ 70);

            assertThat(sweep.run(redis.uri())).isZero();
            assertThat(sweep.shell().out())
                    .contains("70 expired keys (exact)")
                    .containsPattern("db 0 +visited 0, reclaimed 0, .*; covered, as no key with a TTL was left")
                    .containsPattern("db 5 +visited 1\\d\\d, reclaimed 70");
            assertThat(sweep.shell().err()).contains("100 %");
        }
    }

    @Test
    void sweep_json_isOneDocumentOnStandardOutput() {
        try (RedisServer redis = RedisServer.start(RedisVersion.VALKEY_8);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);

            assertThat(sweep.run("--json", "--purge", redis.uri())).isZero();

            JsonNode document =
                    JsonMapper.builder().build().readTree(sweep.shell().out());
            assertThat(document.path("total").path("reclaimed").asLong()).isEqualTo(200);
            assertThat(document.path("total").path("exact").asBoolean()).isTrue();
            assertThat(document.path("ending").asString()).isEqualTo("COMPLETED");

            JsonNode node = document.path("nodes").get(0);
            assertThat(node.path("profile").path("flavour").asString()).isEqualTo("VALKEY");

            JsonNode memory = node.path("memory");
            assertThat(memory.path("keysAfter").path("keys").path("0").asLong()).isEqualTo(300);
            assertThat(memory.path("flow").path("inflow").asLong()).isZero();
            assertThat(memory.path("reclaimed").path("method").asString())
                    .as("too few bytes for an estimate")
                    .isEqualTo("UNKNOWN");
            assertThat(memory.path("purge").path("done").asBoolean()).isTrue();
            assertThat(node.path("databases").get(0).path("reclaimed").asLong()).isEqualTo(200);
            assertThat(node.path("databases").get(0).path("coverage").asString())
                    .isEqualTo("VISITED");
        }
    }

    @Test
    void sweep_onTerminal_drawsABar() {
        sweep.shell().onTerminal().with("TERM", "xterm");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_8_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);

            assertThat(sweep.run(redis.uri())).isZero();

            assertThat(sweep.shell().err())
                    .contains("\r")
                    .contains("500/500 keys")
                    .contains("reclaimed 200");
        }
    }

    @Test
    void sweep_emptyServer_succeeds() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_6_0)) {
            assertThat(sweep.run(redis.uri())).isZero();

            assertThat(sweep.shell().out()).contains("reclaimed      0 expired keys");
        }
    }

    @Test
    void sweep_slowerThanItsTimeout_keepsItsCounts() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 50_000, /* dead= */ 0);

            assertThat(sweep.run("--max-rate=100", "--timeout=10s", redis.uri()))
                    .isEqualTo(ExitCode.TIMED_OUT.number());

            assertThat(sweep.shell().out()).contains("timed out after").doesNotContain("visited        0 keys");
        }
    }

    @Test
    void metricsFile_ofASweepAndOfARefusal_hasTheResult(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("keysweep.prom");
        String uri;
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 3_000, /* dead= */ 2_000);
            uri = redis.uri();

            assertThat(sweep.run("--metrics-file", file.toString(), uri)).isZero();

            String label = "{server=\"" + uri + "\"}";
            assertThat(Files.readString(file).lines())
                    .contains(
                            "keysweep_sweep_success" + label + " 1.0",
                            "keysweep_sweep_visited_keys" + label + " 5000.0",
                            "keysweep_sweep_reclaimed_keys" + label + " 2000.0")
                    .anyMatch(line -> line.matches("keysweep_sweep_step_stall_seconds_count\\{.*\\} [1-9]\\d*"));
        }

        // The server has ended, so the second sweep is refused. Its metrics replace those of the first.
        assertThat(sweep.run("--metrics-file", file.toString(), uri)).isEqualTo(ExitCode.UNREACHABLE.number());

        assertThat(Files.readString(file))
                .contains("keysweep_sweep_success{server=\"" + uri + "\"} 0.0")
                .contains("keysweep_sweep_exit_code{server=\"" + uri + "\"} 3.0")
                .doesNotContain("visited");
    }

    @Test
    void sweep_serverBefore4_isTooOld() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_2_8)) {
            sweep.assertRefused(ExitCode.NOT_SWEEPABLE, redis.uri());
            assertThat(sweep.shell().err()).contains("2.8");
        }
    }
}
