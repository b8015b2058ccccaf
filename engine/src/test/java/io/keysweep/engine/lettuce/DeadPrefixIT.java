package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixCount;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that an estimate counts dead keys by prefix if the server publishes the names of expired keys, and otherwise
 * says why it does not.
 *
 * <p>Every fourth dead key is named {@code cart:1}, the others {@code session:2} and so on.
 */
@Execution(ExecutionMode.CONCURRENT)
final class DeadPrefixIT {

    private static final String[] EVENTS = {"--notify-keyspace-events", "Ex"};

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void prefixes_primaryPublishesNames_haveTheirDeadKeysOfAllDatabases(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.start(version, EVENTS);
                RespClient client = primary.client()) {
            keySpace(client)
                    .plant(/* db= */ 0, /* live= */ 500, /* dead= */ 4_000)
                    .plant(3, 500, 400);

            Insight insight = estimate(primary.uri());

            assertThat(insight.deadMissing()).isNull();
            assertThat(insight.prefixes())
                    .extracting(PrefixCount::prefix)
                    .containsExactly("session:", "cart:", "live:");
            assertThat(insight.prefixes())
                    .extracting(PrefixCount::dead)
                    .containsExactly(exactly(3_300), exactly(1_100), exactly(0));
            assertThat(Objects.requireNonNull(insight.picture()).namesLeft()).isTrue();
        }
    }

    @Test
    void prefixes_sampleOfAPrimary_haveEstimatedDeadKeys() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, EVENTS);
                RespClient client = primary.client()) {
            assertEstimatedDead(primary, client);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9"})
    void prefixes_sampleOfAClusteredPrimary_haveEstimatedDeadKeys(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.startWithAllSlots(version, EVENTS);
                RespClient client = primary.client()) {
            assertEstimatedDead(primary, client);
        }
    }

    private static void assertEstimatedDead(RedisServer primary, RespClient client) throws InterruptedException {
        keySpace(client).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 40_000);

        Insight insight = estimate(primary.uri());

        assertThat(client.callLong("DBSIZE"))
                .as("the number of keys after a sample, which removes only some of the dead ones")
                .isGreaterThan(80_000);
        assertThat(insight.deadMissing()).isNull();
        assertNear(dead(insight, "session:"), 30_000);
        assertNear(dead(insight, "cart:"), 10_000);
    }

    @Test
    void prefixes_serverWithoutScripts_haveTheirDeadKeys() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, EVENTS);
                RespClient client = primary.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 500, /* dead= */ 4_000);
            client.call("ACL", "SETUSER", "noscript", "on", "nopass", "~*", "&*", "+@all", "-@scripting");

            Insight insight = estimate("redis://noscript:any@127.0.0.1:" + primary.port());

            assertThat(dead(insight, "session:")).isEqualTo(exactly(3_000));
            assertThat(dead(insight, "cart:")).isEqualTo(exactly(1_000));
        }
    }

    /** While the replica is scanned, clients of the primary read some of its dead keys, which removes these. */
    @Test
    void prefixes_replicaIsSampled_divideTheDeadKeysAsThoseThatThePrimaryRemoves() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, EVENTS);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 0, /* dead= */ 4_000);
            Replication.awaitSynchronised(client, onReplica);

            NodeConnector connector = new FreezingConnector(
                    connector(), /* atStep= */ 2, () -> readDeadKeys(client, 400), /* afterReply= */ () -> {});
            Insight insight = estimate(connector, primary.uri());

            assertThat(insight.deadMissing()).isNull();
            assertNear(dead(insight, "session:"), 3_000);
            assertNear(dead(insight, "cart:"), 1_000);
            assertThat(client.callLong("DBSIZE")).isEqualTo(3_600);
        }
    }

    @Test
    void prefixes_replicaIsSampledAndPrimaryRemovesNothing_haveNoDeadKeysAndTheReason() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.VALKEY_9, EVENTS);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 400);
            Replication.awaitSynchronised(client, onReplica);

            assertThat(missing(estimate(primary.uri())))
                    .contains("127.0.0.1:" + primary.port() + " has published none while its replica was read");
            assertThat(missing(estimate(replica.uri()))).contains("is a replica, which removes no keys");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KEg", "Kx"})
    void prefixes_serverDoesNotPublishNames_sayWhichSettingChangesThat(String events) throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, "--notify-keyspace-events", events);
                RespClient client = primary.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 400);
            Object setting = client.call("CONFIG", "GET", "notify-keyspace-events");

            String missing = missing(estimate(primary.uri()));

            assertThat(missing).containsPattern("CONFIG SET notify-keyspace-events \\w*E\\w*x? ");
            assertThat(client.call("CONFIG", "GET", "notify-keyspace-events"))
                    .as("the setting, which an estimate does not change")
                    .isEqualTo(setting);
        }
    }

    /** The server refuses to report its settings, so only the missing events show that it does not publish names. */
    @Test
    void prefixes_unknownSettingAndNoEvents_haveNoDeadKeysAndTheReason() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_8_0);
                RespClient client = primary.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 400);
            client.call("ACL", "SETUSER", "app", "on", "nopass", "~*", "&*", "+@all", "-config");

            assertThat(missing(estimate("redis://app:any@127.0.0.1:" + primary.port())))
                    .contains("has published the names of only 0 of 400 keys");
        }
    }

    @Test
    void prefixes_userMayNotReadEvents_sayWhichPermissionIsNeededAndItSuffices() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, EVENTS);
                RespClient client = primary.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 400);
            client.call("ACL", "SETUSER", "bob", "on", "nopass", "~*", "resetchannels", "+@all");
            String uri = "redis://bob:any@127.0.0.1:" + primary.port();

            assertThat(missing(estimate(uri))).endsWith("ACL SETUSER bob +psubscribe &__keyevent@*__:expired");

            client.call("ACL", "SETUSER", "bob", "+psubscribe", "&__keyevent@*__:expired");
            keySpace(client).plant(/* db= */ 0, /* live= */ 0, /* dead= */ 400);
            assertThat(dead(estimate(uri), "session:")).isEqualTo(exactly(300));
        }
    }

    /** The server disconnects a subscriber with 1 KiB of unread events, fewer than a step of the scan causes. */
    @Test
    void prefixes_serverEndsTheSubscription_haveNoDeadKeysAndTheReason() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, EVENTS);
                RespClient client = primary.client()) {
            keySpace(client).plant(/* db= */ 0, /* live= */ 500, /* dead= */ 4_000);
            client.call("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1024 0 0");

            assertThat(missing(estimate(primary.uri()))).contains("has ended the subscription to them");
            assertThat(client.callLong("DBSIZE"))
                    .as("the keys after a scan that has removed all dead ones")
                    .isEqualTo(500);
        }
    }

    /** Returns an object that plants dead keys with two prefixes. */
    private static KeySpace keySpace(RespClient client) {
        return KeySpace.withExpiryOff(client, DeadPrefixIT::nameOf);
    }

    private static String nameOf(String planned) {
        String number = planned.substring(planned.indexOf(':') + 1);
        return planned.startsWith("dead:") ? nameOfDead(Integer.parseInt(number)) : planned;
    }

    private static String nameOfDead(int number) {
        return (number % 4 == 0 ? "cart:" : "session:") + number;
    }

    /** Reads the first dead keys, of which none is live before them; the server removes them. */
    private static void readDeadKeys(RespClient client, int count) {
        client.pipeline(IntStream.range(0, count)
                .mapToObj(i -> new String[] {"GET", nameOfDead(i)})
                .toList());
    }

    private static NodeConnector connector() {
        return new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    private static Insight estimate(String uri) throws InterruptedException {
        return estimate(connector(), uri);
    }

    /** Estimates a server by a sample, with the numbers of keys by prefix; closes the connector. */
    private static Insight estimate(NodeConnector connector, String uri) throws InterruptedException {
        try (BacklogEstimator estimator = new ReplicaFirstEstimator(connector, Timing.system(), new Random(1))) {
            Estimate estimate = estimator
                    .estimate(
                            new EstimateRequest(DeploymentUri.parse(uri), /* exact= */ false, /* samplePrimary= */ true)
                                    .with(PictureRequest.of(
                                            Duration.ofHours(1),
                                            Duration.ofMinutes(10),
                                            new PrefixRequest(":", /* depth= */ 1, /* top= */ 10))))
                    .getFirst();
            return Objects.requireNonNull(estimate.insight());
        }
    }

    /** Returns why the dead keys by prefix are missing, and asserts that they are. */
    private static String missing(Insight insight) {
        assertThat(prefixes(insight))
                .isNotEmpty()
                .allSatisfy(count -> assertThat(count.dead()).isNull());
        return Objects.requireNonNull(insight.deadMissing());
    }

    private static KeyCount dead(Insight insight, String prefix) {
        return prefixes(insight).stream()
                .filter(count -> prefix.equals(count.prefix()))
                .map(count -> Objects.requireNonNull(count.dead()))
                .findFirst()
                .orElseThrow();
    }

    private static List<PrefixCount> prefixes(Insight insight) {
        return Objects.requireNonNull(insight.prefixes());
    }

    private static KeyCount exactly(long keys) {
        return new KeyCount(keys, keys, keys);
    }

    /** Asserts that an interval twice as wide as the estimated one contains the true number, and is not very wide. */
    private static void assertNear(KeyCount count, long truth) {
        long slack = (count.highest() - count.lowest()) / 2;
        assertThat(truth).isBetween(count.lowest() - slack, count.highest() + slack);
        assertThat(count.highest() - count.lowest()).isBetween(1L, truth);
    }
}
