package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.KeyFlow;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.Purge;
import io.keysweep.engine.sweep.ReclaimedBytes;
import io.keysweep.engine.sweep.ServerMemory;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the memory that a sweep reports agrees with other measurements of a real server. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class MemoryIT {

    private static final int LARGE_HASHES = 8;

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    static Stream<RedisVersion> versions() {
        return Stream.of(RedisVersion.REDIS_6_0, RedisVersion.REDIS_7_0, RedisVersion.VALKEY_8);
    }

    static Stream<Arguments> versionsAndLazyFree() {
        return versions().flatMap(version -> Stream.of(Arguments.of(version, "yes"), Arguments.of(version, "no")));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void report_quietServer_measuresTheDecreaseAndKeysPerDatabase(RedisVersion version) throws InterruptedException {
        // With active rehashing, the server would free its replaced tables at times that the test cannot know.
        try (RedisServer server = RedisServer.start(version, "--activerehashing", "no");
                RespClient client = server.client()) {
            // The keys are planted over another connection, because the server frees the buffers of an idle connection
            // only later.
            try (RespClient planting = server.client()) {
                KeySpace.withExpiryOff(planting)
                        .plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 60_000)
                        .plant(/* db= */ 3, /* live= */ 500, /* dead= */ 1_000);
            }
            await("the planting client is gone").until(() -> "1".equals(client.info("connected_clients")));
            long usedBefore = usedMemory(client);

            MemoryReport memory = sweep(server).memory();

            assertThat(memory.keysBefore().keys()).isEqualTo(Map.of(0, 80_000L, 3, 1_500L));
            assertThat(memory.keysBefore().expires()).isEqualTo(Map.of(0, 60_001L, 3, 1_001L));

            Keyspace keysAfter = Objects.requireNonNull(memory.keysAfter());
            assertThat(keysAfter.keys()).isEqualTo(Map.of(0, 20_000L, 3, 500L));
            assertThat(keysAfter.expires()).isEqualTo(Map.of(0, 1L, 3, 1L));
            assertThat(memory.flow())
                    .isEqualTo(new KeyFlow(/* inflow= */ 0, /* expiredElsewhere= */ 0, /* evicted= */ 0));
            assertThat(memory.reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.MEASURED);
            assertThat(reclaimedBytes(memory)).isCloseTo(usedBefore - usedMemory(client), Percentage.withPercentage(5));
            assertThat(memoryAfter(memory).rssBytes()).isPositive();
            assertThat(memoryAfter(memory).allocator()).startsWith("jemalloc");
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndLazyFree")
    void report_largeValues_areFreedBeforeTheMeasurement(RedisVersion version, String lazyFree)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(version, "--lazyfree-lazy-expire", lazyFree);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 0);
            // The test measures the used memory, because MEMORY USAGE leaves out what the allocator rounds up.
            long usedBefore = usedMemory(client);
            try (RespClient planting = server.client()) {
                for (int hash = 0; hash < LARGE_HASHES; hash++) {
                    plantLargeHash(planting, "large:" + hash);
                }
            }
            long bytesOfHashes = usedMemory(client) - usedBefore;
            for (int hash = 0; hash < LARGE_HASHES; hash++) {
                // 100 ms: if the TTL were over while PEXPIRE runs, PEXPIRE itself would delete the key.
                client.call("PEXPIRE", "large:" + hash, "100");
            }
            long expiry = millisOfServerClock(client) + 100;
            await("the hashes have expired").until(() -> millisOfServerClock(client) > expiry);
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 0, /* dead= */ 1);

            MemoryReport memory = sweep(server).memory();

            assertThat(memoryAfter(memory).lazyFreePending()).isZero();
            assertThat(memory.reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.MEASURED);
            assertThat(reclaimedBytes(memory)).isCloseTo(bytesOfHashes, Percentage.withPercentage(5));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void report_otherClientsWriteMeanwhile_hasTheExactFlow(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                RespClient otherClient = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 40_000);
            long averageBefore = usedMemory(client) / 60_000;

            // Planted names are numbered consecutively; the expired ones are dead:20000 to dead:59999.
            MemoryReport memory = sweep(server, new EventLog(checkpoint -> {
                        if (checkpoint == 1) {
                            otherClient.pipeline(commands(5_000, "GET", "dead:", 20_000));
                            otherClient.pipeline(commands(9_000, "SET", "new:", 0, "v"));
                            otherClient.pipeline(commands(2_000, "DEL", "live:", 0));
                        }
                    }))
                    .memory();

            assertThat(memory.flow())
                    .isEqualTo(new KeyFlow(/* inflow= */ 7_000, /* expiredElsewhere= */ 5_000, /* evicted= */ 0));
            assertThat(memory.reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.NET_OF_FLOW);

            // Of the 40,000 dead keys, the other client expired 5,000. The result may differ by half from the memory of
            // 35,000 keys of average size.
            assertThat(reclaimedBytes(memory)).isBetween(averageBefore * 35_000 / 2, averageBefore * 35_000 * 3 / 2);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void report_inflowAboveReclaimed_estimatesByTheAverageKey(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                RespClient otherClient = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 20_000);

            MemoryReport memory = sweep(server, new EventLog(checkpoint -> {
                        if (checkpoint == 1) {
                            otherClient.pipeline(commands(60_000, "SET", "new:", 0, "v"));
                        }
                    }))
                    .memory();

            assertThat(memoryAfter(memory).usedBytes())
                    .isGreaterThan(memory.before().usedBytes());
            assertThat(memory.flow())
                    .isEqualTo(new KeyFlow(/* inflow= */ 60_000, /* expiredElsewhere= */ 0, /* evicted= */ 0));
            assertThat(memory.reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.AVERAGE_KEY);

            // On all versions, a key of this test takes between 50 and 250 bytes.
            assertThat(reclaimedBytes(memory)).isBetween(20_000L * 50, 20_000L * 250);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void report_countersResetMeanwhile_hasUnknownFlow(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                RespClient otherClient = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 100);
            // A first sweep raises the counters above 0, so that a reset shows as a fall.
            engine.sweep(request(server, /* user= */ null), new SweepControl(), event -> {});
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 50);

            MemoryReport memory = sweep(server, new EventLog(checkpoint -> {
                        if (checkpoint == 1) {
                            otherClient.call("CONFIG", "RESETSTAT");
                        }
                    }))
                    .memory();

            assertThat(memory.flow()).isNull();
            assertThat(memory.reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.AVERAGE_KEY);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void purge_requested_isDoneAndReported(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 100_000);

            SweepReport report =
                    engine.sweep(request(server, /* user= */ null).withPurge(true), new SweepControl(), event -> {});

            Purge purge = Objects.requireNonNull(report.memory().purge());
            assertThat(purge.done()).isTrue();
            assertThat(purge.rssBefore()).isPositive();
            assertThat(purge.rssAfter()).isPositive();
            assertThat(kindsOfMemoryCalls(client)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void purge_notRequested_isNotSent(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 10, /* dead= */ 10);

            assertThat(sweep(server).memory().purge()).isNull();
            assertThat(kindsOfMemoryCalls(client)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void purge_refusedByAcl_isReportedWithTheRemedyAndNotFatal(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 200);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "~*", "+@all", "-memory");

            SweepReport report =
                    engine.sweep(request(server, "sweeper").withPurge(true), new SweepControl(), event -> {});

            assertThat(report.ending()).isEqualTo(SweepReport.Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(200);

            Purge purge = Objects.requireNonNull(report.memory().purge());
            assertThat(purge.done()).isFalse();
            assertThat(purge.outcome()).contains("NOPERM", "ACL SETUSER sweeper +memory|purge");
            assertThat(purge.rssAfter()).isEqualTo(purge.rssBefore()).isPositive();
        }
    }

    private static SweepReport sweep(RedisServer server) throws InterruptedException {
        return sweep(server, event -> {});
    }

    private static SweepReport sweep(RedisServer server, SweepListener listener) throws InterruptedException {
        return engine.sweep(request(server, /* user= */ null), new SweepControl(), listener);
    }

    /** Returns a request to sweep as a user with the password "secret", or without credentials. */
    private static SweepRequest request(RedisServer server, @Nullable String user) {
        return SweepRequest.of(
                DeploymentUri.parse(server.uri(), user, user == null ? null : "secret"), PacePolicy.FULL);
    }

    /** Returns the used memory of the server, bytes. */
    private static long usedMemory(RespClient client) {
        return Long.parseLong(Objects.requireNonNull(client.info("used_memory")));
    }

    private static long millisOfServerClock(RespClient client) {
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * 1_000 + Long.parseLong((String) time.get(1)) / 1_000;
    }

    private static long reclaimedBytes(MemoryReport memory) {
        return Objects.requireNonNull(memory.reclaimed().bytes());
    }

    private static ServerMemory memoryAfter(MemoryReport memory) {
        return Objects.requireNonNull(memory.after());
    }

    /** Creates a hash with 50,000 fields. */
    private static void plantLargeHash(RespClient client, String key) {
        List<String[]> commands = new ArrayList<>();
        for (int field = 0; field < 50_000; field++) {
            commands.add(new String[] {"HSET", key, "field:" + field, "value:" + field});
        }
        client.pipeline(commands);
    }

    /**
     * Returns the number of different MEMORY subcommands that clients have called. A server up to version 6.0 counts
     * all of them as one.
     */
    private static long kindsOfMemoryCalls(RespClient client) {
        return client.callText("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_memory"))
                .count();
    }

    /** Returns a command for each of {@code count} keys, whose names are a prefix and a number from {@code from} on. */
    private static List<String[]> commands(int count, String name, String prefix, int from, String... rest) {
        List<String[]> commands = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            List<String> words = new ArrayList<>(List.of(name, prefix + i));
            words.addAll(List.of(rest));
            commands.add(words.toArray(String[]::new));
        }
        return commands;
    }
}
