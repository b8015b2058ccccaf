package io.keysweep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests on a real server that planted keys have expired but stay in memory. */
final class KeySpaceIT {

    @ParameterizedTest
    @EnumSource
    void plant_expiredKeys_staysInMemoryAndCannotBeRead(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(0, 10, 20).plant(3, 0, 5);

            assertThat(keys.size(0)).isEqualTo(30);
            assertThat(keys.size(3)).isEqualTo(5);
            assertThat(client.call("GET", "dead:30")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void restart_samePort_startsAnotherProcess(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            String before = runId(server);
            server.restart();
            assertThat(runId(server)).isNotEqualTo(before);
        }
    }

    private static String runId(RedisServer server) {
        try (RespClient client = server.client()) {
            return String.valueOf(client.info("run_id"));
        }
    }
}
