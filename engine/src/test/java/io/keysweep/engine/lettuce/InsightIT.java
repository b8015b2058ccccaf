package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.KeyPicture.TypeBin;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.insight.RemainingTtl;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespException;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that pictures and forecasts of real servers agree with the planted keys.
 *
 * <p>A picture counts the keys by TTL, type and size. A forecast says how many keys die, that is expire, at which time.
 */
@Execution(ExecutionMode.CONCURRENT)
final class InsightIT {

    @AutoClose
    private static final BacklogEstimator estimator = new ReplicaFirstEstimator(
            new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1)), Timing.system(), new Random(1));

    private final PlantedKeys keys = new PlantedKeys();

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void picture_primaryWithReplica_isTakenOnTheReplicaAndRemovesNothing(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.start(version);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            keys.plant(client);
            Replication.awaitSynchronised(client, onReplica);

            Estimate estimate = estimate(primary.uri(), prefixes());

            assertThat(estimate.countedOn()).isEqualTo("127.0.0.1:" + replica.port());

            keys.assertPicture(estimate);
            keys.assertPrefixes(estimate);
            assertThat(client.callLong("DBSIZE"))
                    .as("the number of keys, of which none is removed")
                    .isEqualTo(PlantedKeys.ALL_KEYS);
            assertThat(onReplica.callLong("DBSIZE")).isEqualTo(PlantedKeys.ALL_KEYS);
        }
    }

    /** The primary is sampled, whether it keeps one table or a table for each slot. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void picture_clusteredPrimaryAlone_comesFromASampleOfThePrimary(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.startWithAllSlots(version);
                RespClient client = primary.client()) {
            keys.plant(client);

            Estimate estimate = estimate(primary.uri(), PictureRequest.DEFAULT);

            assertThat(estimate.method()).isEqualTo(Estimate.Method.PRIMARY_SAMPLE);
            assertThat(estimate.reclaimed()).isEqualTo(PlantedKeys.ALL_KEYS - client.callLong("DBSIZE"));

            keys.assertPicture(estimate);
            assertThat(insight(estimate).prefixes()).isNull();
        }
    }

    /** A replica of a cluster must allow reads, and all keys of small databases are counted. */
    @Test
    void picture_clusterWithReplica_isSummedOverTheNodes() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_9, /* primaries= */ 2, /* replicas= */ 2)) {
            int keyCount = 40;
            List<RedisServer> nodes = cluster.nodes();
            for (RedisServer node : nodes) {
                try (RespClient client = node.client()) {
                    for (int i = 0; i < keyCount; i++) {
                        // A node refuses keys of slots that it does not serve, and a replica all keys.
                        trySet(client, "k:" + i);
                    }
                }
            }
            Deployment deployment = new Deployment.Cluster(
                    List.of(new NodeAddress("127.0.0.1", nodes.getFirst().port())), Access.OPEN, NodeMap.NONE);

            Insight sum = Waits.await("the replicas have all keys")
                    .ignoreExceptionsMatching(
                            e -> e instanceof EstimateRefusedException || e instanceof NodeRefusedException)
                    .until(
                            () -> Insight.sum(
                                    estimator
                                            .estimate(new EstimateRequest(
                                                            deployment, /* exact= */ true, /* samplePrimary= */ false)
                                                    .with(PictureRequest.DEFAULT))
                                            .stream()
                                            .map(InsightIT::insight)
                                            .toList(),
                                    /* top= */ 10),
                            insight -> picture(insight).readKeys() >= keyCount);

            assertThat(sum.missing()).isNull();
            assertThat(picture(sum).count(RemainingTtl.UNDER_7_D))
                    .isEqualTo(new KeyCount(keyCount, keyCount, keyCount));
            assertThat(picture(sum).namesLeft()).isFalse();
        }
    }

    @Test
    void picture_scriptsRefused_readsKeysByNameAndSaysSo() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);
            client.call("ACL", "SETUSER", "noscript", "on", "nopass", "~*", "+@all", "-@scripting");

            Insight insight =
                    insight(estimate("redis://noscript:any@127.0.0.1:" + primary.port(), PictureRequest.DEFAULT));

            KeyPicture picture = picture(insight);
            assertThat(picture.namesLeft()).isTrue();
            assertThat(picture.notes()).anyMatch(note -> note.contains("names of the sampled keys crossed"));
            assertThat(picture.count(RemainingTtl.DEAD).keys()).isEqualTo(200);
            assertThat(picture.count(RemainingTtl.NONE).keys()).isEqualTo(299);
            assertThat(picture.livingVolatile().keys()).isEqualTo(1);
            assertThat(picture.types()).extracting(TypeBin::type).containsExactly("string");
        }
    }

    /** A node with few keys has types, because the types of its whole cluster would otherwise be unknown. */
    @ParameterizedTest
    @ValueSource(strings = {"+@all", "-@scripting"})
    void picture_fewKeys_hasTypesAndSizesWithTheirUncertainty(String scripts) throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            client.call("MSET", "a", "1", "b", "2", "c", "3");
            client.call("ACL", "SETUSER", "reader", "on", "nopass", "~*", "+@all", scripts);

            KeyPicture picture = picture(
                    insight(estimate("redis://reader:any@127.0.0.1:" + primary.port(), PictureRequest.DEFAULT)));

            assertThat(picture.measuredKeys()).isEqualTo(1);
            assertThat(picture.types()).containsExactly(new TypeBin("string", new KeyCount(3, 0, 3)));
            assertThat(picture.sizes()).isNotEmpty();
        }
    }

    @Test
    void advice_expirySwitchedOff_doesNotRelyOnIt() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 60_000);

            Advice advice = Objects.requireNonNull(
                    estimate(primary.uri(), PictureRequest.DEFAULT).advice());

            assertThat(advice.action()).isIn(Advice.AdvisedAction.PASSES, Advice.AdvisedAction.FULL_SWEEP);
            assertThat(advice.sentence()).contains("seems to be switched off");
        }
    }

    @Test
    void advice_userWithoutConfig_offersNoAssistAndAssumesDefaults() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 3_000, /* dead= */ 200);
            client.call("ACL", "SETUSER", "app", "on", "nopass", "~*", "+@all", "-config");

            Advice allowed = Objects.requireNonNull(
                    estimate(primary.uri(), PictureRequest.DEFAULT).advice());
            Advice refused = Objects.requireNonNull(
                    estimate("redis://app:any@127.0.0.1:" + primary.port(), PictureRequest.DEFAULT)
                            .advice());

            assertThat(allowed.options())
                    .extracting(Advice.Option::action)
                    .contains(Advice.AdvisedAction.ASSIST, Advice.AdvisedAction.CONTINUOUS_ASSIST);
            assertThat(refused.options())
                    .extracting(Advice.Option::action)
                    .doesNotContain(Advice.AdvisedAction.ASSIST, Advice.AdvisedAction.CONTINUOUS_ASSIST);
            assertThat(refused.settingsRefused()).isTrue();
            assertThat(refused.basis())
                    .startsWith("The figures of the ways rest on a measurement: by the TTLs of a sample, about ")
                    .endsWith("so their defaults are assumed.");
        }
    }

    @Test
    void picture_userWithOnlyTheRightsForASweep_isMissingWithAReason() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 3_000, /* dead= */ 200);
            client.call("ACL", "SETUSER", "sweeper", "on", "nopass", "+eval", "+scan", "+dbsize", "+info", "+select");

            Estimate estimate = estimate("redis://sweeper:any@127.0.0.1:" + primary.port(), PictureRequest.DEFAULT);

            assertThat(estimate.dead()).isEqualTo(200);
            assertThat(insight(estimate).picture()).isNull();
            assertThat(insight(estimate).missing()).contains("could not be read");
        }
    }

    /**
     * A server closes connections that are idle for longer than its setting {@code timeout}. While the replica is
     * scanned, the connection to the primary is idle.
     */
    @Test
    void picture_primaryClosesTheIdleConnection_isMadeWithoutTheMeasuredRate() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 3_000, /* dead= */ 200);
            Replication.awaitSynchronised(client, onReplica);

            // At each wait of the estimate, the primary closes its connections, as it does after its timeout.
            AtomicLong nanos = new AtomicLong();
            Timing timing = new Timing(
                    InstantSource.system(),
                    () -> nanos.addAndGet(Duration.ofSeconds(3).toNanos()),
                    duration -> client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"));
            try (BacklogEstimator disconnectedEstimator = new ReplicaFirstEstimator(
                    new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1)), timing, new Random(1))) {
                Estimate estimate = disconnectedEstimator
                        .estimate(new EstimateRequest(
                                        DeploymentUri.parse(primary.uri()),
                                        /* exact= */ false,
                                        /* samplePrimary= */ false)
                                .with(PictureRequest.DEFAULT))
                        .getFirst();

                assertThat(estimate.countedOn()).isEqualTo("127.0.0.1:" + replica.port());
                assertThat(estimate.dead()).isEqualTo(200);

                ExpiryForecast forecast =
                        Objects.requireNonNull(insight(estimate).forecast());
                assertThat(forecast.measured()).isNull();
                assertThat(forecast.settingsKnown()).isTrue();
            }
        }
    }

    /**
     * Compares a forecast for periods of a second with what happens. The keys of two groups die soon, and the keys of
     * a third group much later. On a slow machine the first keys may die within the first period of the forecast,
     * which cannot be a cliff. Then the test begins again with longer TTLs.
     */
    @Test
    void forecast_ofKeysThatDieSoon_agreesWithTheirDeaths() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            for (long lead = 4; ; lead *= 2) {
                // 700 keys die after the lead, 400 two seconds later, and 300 fifteen minutes later.
                client.call("FLUSHALL");
                long firstDeath = secondsOfServerClock(client) + lead;
                plantDying(client, "a", 700, firstDeath * 1_000 + 500);
                plantDying(client, "b", 400, (firstDeath + 2) * 1_000 + 500);
                plantDying(client, "c", 300, (firstDeath + 900) * 1_000 + 500);

                Insight insight = insight(estimate(
                        primary.uri(),
                        PictureRequest.of(Duration.ofSeconds(1_400), Duration.ofSeconds(1), /* prefixes= */ null)));
                if (secondsOfServerClock(client) >= firstDeath - 1) {
                    assertThat(lead)
                            .as("the time until the first deaths, s; this machine is too slow for the test")
                            .isLessThan(400);
                    continue;
                }

                // The forecast has the number of deaths at each time.
                ExpiryForecast forecast = Objects.requireNonNull(insight.forecast());
                // The forecast and the server use the clock of this machine, but a period may begin 1 ms earlier.
                assertThat(dyingUntil(forecast, firstDeath + 1)).isEqualTo(700);
                assertThat(dyingUntil(forecast, firstDeath + 3)).isEqualTo(1_100);
                assertThat(dyingUntil(forecast, firstDeath + 901)).isEqualTo(1_400);
                assertThat(forecast.cliffs()).hasSize(3);

                // Two groups die as forecast.
                Waits.await("the keys of two groups are dead")
                        .until(() -> secondsOfServerClock(client) >= firstDeath + 3);

                // A SCAN of all keys makes the server remove the dead ones.
                client.call("SCAN", "0", "COUNT", "100000");
                assertThat(1_400 - client.callLong("DBSIZE")).isEqualTo(dyingUntil(forecast, firstDeath + 3));
                return;
            }
        }
    }

    /**
     * Compares the forecast backlog with the dead keys of a server whose own expiry runs. All 60,000 keys with a TTL
     * die evenly within six seconds. The model of the server's expiry is right within a factor of three.
     */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void forecast_ofACliffOfAllKeysWithATtl_agreesWithTheBacklog(RedisVersion version) throws Exception {
        int count = 60_000;
        long cliffMillis = 6_000;
        try (RedisServer primary = RedisServer.start(version);
                RespClient client = primary.client()) {
            for (long lead = 8; ; lead *= 2) {
                client.call("FLUSHALL");
                long firstDeath = secondsOfServerClock(client) + lead;
                List<String[]> commands = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    long diesAt = firstDeath * 1_000 + i * cliffMillis / count;
                    commands.add(new String[] {"SET", "k" + i, "v", "PXAT", Long.toString(diesAt)});
                }
                client.pipeline(commands);
                Insight insight = insight(estimate(
                        primary.uri(),
                        PictureRequest.of(Duration.ofSeconds(60), Duration.ofSeconds(1), /* prefixes= */ null)));
                if (secondsOfServerClock(client) >= firstDeath - 1) {
                    assertThat(lead)
                            .as("the time until the first deaths, s; this machine is too slow for the test")
                            .isLessThan(400);
                    continue;
                }
                ExpiryForecast forecast = Objects.requireNonNull(insight.forecast());
                long largestForecast = forecast.steps().stream()
                        .mapToLong(ExpiryForecast.Step::backlog)
                        .max()
                        .orElseThrow();

                AtomicLong largestReal = new AtomicLong();
                Waits.await("all keys have died, and the server has removed them")
                        .until(() -> {
                            long sinceFirstDeath = millisOfServerClock(client) - firstDeath * 1_000;
                            long diedKeys = Math.clamp(sinceFirstDeath * count / cliffMillis, 0, count);
                            long removedKeys = count - client.callLong("DBSIZE");
                            largestReal.accumulateAndGet(diedKeys - removedKeys, Math::max);
                            return removedKeys == count;
                        });

                // The clocks of the polls and of the server's expiry differ by up to a cycle, which is a tenth of a
                // second, and on a busy machine the server's cycles come late.
                assertThat(largestReal.get()).isBetween(largestForecast / 5, largestForecast * 5);
                assertThat(forecast.steps().getLast().backlog()).isZero();
                assertThat(forecast.steps().stream()
                                .mapToLong(ExpiryForecast.Step::removed)
                                .sum())
                        // The number of each step is rounded.
                        .isCloseTo(forecast.dying().keys(), within((long)
                                forecast.steps().size()));
                return;
            }
        }
    }

    /** Returns the number of keys that die by a time, s since 1970, according to a forecast. */
    private static long dyingUntil(ExpiryForecast forecast, long seconds) {
        return forecast.steps().stream()
                .filter(step -> !step.to().isAfter(Instant.ofEpochSecond(seconds)))
                .mapToLong(step -> step.dying().keys())
                .sum();
    }

    /** Creates keys that die at a time, ms since 1970. */
    private static void plantDying(RespClient client, String group, int count, long atMillis) {
        List<String[]> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commands.add(new String[] {"SET", group + i, "v"});
            commands.add(new String[] {"PEXPIREAT", group + i, Long.toString(atMillis)});
        }
        client.pipeline(commands);
    }

    private static long secondsOfServerClock(RespClient client) {
        return Long.parseLong((String) ((List<?>) Objects.requireNonNull(client.call("TIME"))).getFirst());
    }

    private static long millisOfServerClock(RespClient client) {
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * 1_000 + Long.parseLong((String) time.get(1)) / 1_000;
    }

    /** Creates a key for five days, if the node accepts it. */
    private static void trySet(RespClient client, String name) {
        try {
            client.call("SET", name, "v", "EX", Long.toString(Duration.ofDays(5).toSeconds()));
        } catch (RespException e) {
            // Another node serves the slot of this key.
        }
    }

    /** Returns a request for a picture with the two largest prefixes of key names. */
    private static PictureRequest prefixes() {
        return PictureRequest.of(Duration.ofHours(24), Duration.ofMinutes(10), new PrefixRequest(":", 1, 2));
    }

    /** Estimates a server by a sample, with a picture. */
    private static Estimate estimate(String uri, PictureRequest picture) throws InterruptedException {
        return estimator
                .estimate(new EstimateRequest(DeploymentUri.parse(uri), /* exact= */ false, /* samplePrimary= */ true)
                        .with(picture))
                .getFirst();
    }

    private static Insight insight(Estimate estimate) {
        return Objects.requireNonNull(estimate.insight());
    }

    private static KeyPicture picture(Insight insight) {
        return Objects.requireNonNull(insight.picture());
    }
}
