package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code keysweep sweep} on servers that refuse the user or cannot be swept. */
final class SweepRefusalIT {

    private final SweepRun sweep = new SweepRun();

    @Test
    void sweep_passwordFromEnvironment_isAccepted() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            sweep.shell().with("KEYSWEEP_REDIS_PASSWORD", "secret");

            assertThat(sweep.run(redis.uri())).isZero();
        }
    }

    @Test
    void sweep_wrongOrNoPassword_isDenied() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            sweep.assertRefused(ExitCode.DENIED, redis.uri());
            sweep.assertRefused(ExitCode.DENIED, "--password=guess", redis.uri());
            assertThat(sweep.shell().err()).doesNotContain("guess");
        }
    }

    @Test
    void sweep_userWithoutScan_isDeniedWithTheCommand() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            client.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-scan");
            client.call("SET", "key", "v");

            sweep.assertRefused(ExitCode.DENIED, "--username=app", "--password=secret", redis.uri());
            assertThat(sweep.shell().err()).containsIgnoringCase("scan");
        }
    }

    @Test
    void sweep_noServer_isUnreachable() {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        redis.close();

        sweep.assertRefused(ExitCode.UNREACHABLE, redis.uri());
    }

    @Test
    void sweep_portOfAnHttpServer_isUnreachable() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            sweep.assertRefused(
                    ExitCode.UNREACHABLE,
                    "redis://127.0.0.1:" + http.getAddress().getPort());
        } finally {
            http.stop(0);
        }
    }

    /** The sweep fails at its end, because the proxy counts more keys than SCAN returns. */
    @Test
    void sweep_failsAfterItsStart_printsTheCountsSoFar() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                RespProxy proxy = RespProxy.inFrontOf(List.of(redis), number -> (command, clients) -> {
                    Object reply = clients.getFirst().call(command.toArray(String[]::new));
                    return command.getFirst().equals("DBSIZE") && reply instanceof Long size
                            ? (Long) (size * 10)
                            : reply;
                })) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);

            assertThat(sweep.run("--json", proxy.uri())).isEqualTo(ExitCode.NOT_SWEEPABLE.number());

            JsonNode result =
                    JsonMapper.builder().build().readTree(sweep.shell().out());
            assertThat(result.get("ending").asString()).isEqualTo("FAILED");
            assertThat(result.get("failure").asString()).contains("does not let a sweep visit every key");
            assertThat(result.get("total").get("visited").asLong()).isGreaterThanOrEqualTo(500);
            assertThat(result.get("total").get("exact").asBoolean()).isFalse();
            assertThat(sweep.shell().err()).contains("does not let a sweep visit every key");
        }
    }

    @Test
    void sweep_replica_isRefused() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica =
                        RedisServer.start(RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1 " + primary.port());
                RespClient primaryClient = primary.client();
                RespClient replicaClient = replica.client()) {
            // A replica that still loads its data set would be refused because it loads.
            Replication.awaitSynchronised(primaryClient, replicaClient);

            sweep.assertRefused(ExitCode.NOT_SWEEPABLE, replica.uri());
            assertThat(sweep.shell().err()).contains("replica");
        }
    }
}
