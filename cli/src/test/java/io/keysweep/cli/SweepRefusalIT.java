package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Runs {@code keysweep sweep} on servers that refuse the user or cannot be swept. */
final class SweepRefusalIT {

    private final SweepRun sweep = new SweepRun();

    @Test
    void sweep_passwordFromEnvironment_isAccepted() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            sweep.world().with("KEYSWEEP_REDIS_PASSWORD", "secret");

            assertThat(sweep.run(redis.uri())).isZero();
        }
    }

    @Test
    void sweep_wrongOrNoPassword_isDenied() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            sweep.assertRefused(4, redis.uri());
            sweep.assertRefused(4, "--password=guess", redis.uri());
            assertThat(sweep.world().err()).doesNotContain("guess");
        }
    }

    @Test
    void sweep_userWithoutScan_isDeniedWithTheCommand() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            client.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-scan");
            client.call("SET", "key", "v");

            sweep.assertRefused(4, "--username=app", "--password=secret", redis.uri());
            assertThat(sweep.world().err()).containsIgnoringCase("scan");
        }
    }

    @Test
    void sweep_noServer_isUnreachable() {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        redis.close();

        sweep.assertRefused(3, redis.uri());
    }

    @Test
    void sweep_portOfAnHttpServer_isNotRedis() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            sweep.assertRefused(3, "redis://127.0.0.1:" + http.getAddress().getPort());
        } finally {
            http.stop(0);
        }
    }

    @Test
    void sweep_replica_isNotSwept() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica =
                        RedisServer.start(RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1 " + primary.port())) {
            sweep.assertRefused(5, replica.uri());
            assertThat(sweep.world().err()).contains("replica");
        }
    }
}
