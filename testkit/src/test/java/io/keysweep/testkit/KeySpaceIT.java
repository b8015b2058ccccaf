package io.keysweep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests on real servers that planted keys have expired but stay in memory, and that a server can be restarted. */
final class KeySpaceIT {

    @ParameterizedTest
    @EnumSource
    void plant_expiredKeys_areKeptInMemoryAndCannotBeRead(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 10, /* dead= */ 20)
                    .plant(/* db= */ 3, /* live= */ 0, /* dead= */ 5);

            assertThat(keys.size(0)).isEqualTo(30);
            assertThat(keys.size(3)).isEqualTo(5);
            // Keys are numbered across databases, so this is the first dead key of database 3, which is still selected.
            assertThat(client.call("GET", "dead:30")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void restart_samePort_startsAnotherProcess(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            String runIdBefore = runId(server);
            server.restart();
            assertThat(runId(server)).isNotEqualTo(runIdBefore);
        }
    }

    /** Returns the id of the server's process. */
    private static String runId(RedisServer server) {
        try (RespClient client = server.client()) {
            return String.valueOf(client.info("run_id"));
        }
    }
}
