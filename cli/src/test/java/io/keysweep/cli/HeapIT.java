package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs {@code keysweep sweep} in its own process with a heap of 64 MB, which must be enough for a key space of any
 * size.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class HeapIT {

    private static final int LIVE = 1_000_000;
    private static final int DEAD = 150_000;

    /** Plants as many expired keys as {@code ARGV[1]} says. */
    private static final String PLANT_DEAD = """
            for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'dead:' .. i, 'v', 'PX', 1) end
            """;

    /** The expired keys of {@link #PLANT_SKEWED}: 40,000 texts and 3 hashes. */
    private static final int SKEWED_DEAD = 40_000 + 3;

    /** Plants nearly all keys in the slot of the tag t, and 60 keys with names of 1 MiB in the slot of the tag u. */
    private static final String PLANT_SKEWED = """
            for i = 1, 100000 do redis.call('SET', '{t}live:' .. i, 'v') end
            for i = 1, 40000 do redis.call('SET', '{t}dead:' .. i, 'v', 'PX', 1) end
            for i = 1, 20 do redis.call('SET', '{u}live:' .. i, 'v') end
            for i = 1, 60 do redis.call('SET', '{u}' .. i .. string.rep('n', 1048576), 'v') end
            for i = 1, 3 do
              for field = 1, 100000 do redis.call('HSET', '{t}hash:' .. i, field, 'v') end
              redis.call('PEXPIRE', '{t}hash:' .. i, 1)
            end
            """;

    /**
     * Sweeps by a script, and by a transaction. The transaction receives all key names; together they would not fit
     * into the heap.
     */
    @ParameterizedTest
    @CsvSource({"REDIS_7_0, script", "VALKEY_9, transaction"})
    void sweep_moreNamesThan64Megabytes_reclaimsAll(RedisVersion version, String method, @TempDir Path folder)
            throws IOException, InterruptedException {
        // With the limit 0, the server does not refuse other commands (BUSY) while a long script plants keys.
        try (RedisServer server = RedisServer.start(version, "--lua-time-limit", "0");
                RespClient client = connectWithLongTimeout(server)) {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.call("DEBUG", "POPULATE", Integer.toString(LIVE), "live", "10");
            client.call("EVAL", PLANT_DEAD, "0", Integer.toString(DEAD));

            sweep(server, folder, method, DEAD);

            assertThat(client.callLong("DBSIZE")).isEqualTo(LIVE);
        }
    }

    /**
     * Sweeps a key space with nearly all keys in one slot, among them expired hashes with 100,000 fields. Another
     * slot has 60 key names of 1 MiB, so that one reply is nearly as large as the heap.
     */
    @Test
    void sweep_skewedKeySpaceIn64Megabytes_reclaimsAll(@TempDir Path folder) throws IOException, InterruptedException {
        try (RedisServer server = RedisServer.startWithAllSlots(RedisVersion.VALKEY_9, "--lua-time-limit", "0");
                RespClient client = connectWithLongTimeout(server)) {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.call("EVAL", PLANT_SKEWED, "0");
            long live = client.callLong("DBSIZE") - SKEWED_DEAD;

            sweep(server, folder, "transaction", SKEWED_DEAD);

            assertThat(client.callLong("DBSIZE")).isEqualTo(live);
        }
    }

    /** Connects for commands that plant so many keys that a busy machine needs minutes for one. */
    private static RespClient connectWithLongTimeout(RedisServer server) {
        return RespClient.connect(server.port(), Duration.ofMinutes(5));
    }

    /** Sweeps the server with a heap of 64 MB, and checks the count and the method of the sweep. */
    private static void sweep(RedisServer server, Path folder, String method, int dead)
            throws IOException, InterruptedException {
        Process sweep = new ProcessBuilder(CommandLineJvm.command(
                        List.of("-Xmx64m"), List.of("sweep", "--profile=full", "--json", server.uri())))
                .redirectError(folder.resolve("err").toFile())
                .start();
        String out = new String(sweep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(folder.resolve("err")).content().doesNotContain("OutOfMemoryError");
        assertThat(sweep.waitFor()).isZero();

        JsonNode report = JsonMapper.builder().build().readTree(out);
        assertThat(report.path("total").path("reclaimed").asLong()).isEqualTo(dead);
        assertThat(report.path("nodes").get(0).path("profile").path("method").asString())
                .isEqualTo(method);
    }
}
