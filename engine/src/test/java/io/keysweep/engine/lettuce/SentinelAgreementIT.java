package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.SentinelDiscovery;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Tests that sweeps are refused if sentinels do not agree on the primary.
 *
 * <p>The third sentinel of a real deployment watches another server, the impostor, under the same name, as a stale
 * sentinel would. The tests run in order, because later ones stop sentinels and the primary.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class SentinelAgreementIT {

    @AutoClose
    private final NodeConnector connector = new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @AutoClose
    private final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private final Doctor doctor = LettuceEngine.doctor();

    @AutoClose
    private final BacklogEstimator estimator = LettuceEngine.estimator();

    private RedisSentinel deployment;

    /** The server that the stale sentinel names as the primary. */
    private RedisServer impostor;

    @BeforeAll
    void start() {
        deployment = RedisSentinel.start(RedisVersion.REDIS_7_0, /* replicas= */ 1, /* sentinelPassword= */ null);
        impostor = RedisServer.start(RedisVersion.REDIS_7_0);
        try (RespClient stale = sentinel(2).client()) {
            stale.call("SENTINEL", "REMOVE", RedisSentinel.NAME);
            stale.call("SENTINEL", "MONITOR", RedisSentinel.NAME, "127.0.0.1", String.valueOf(impostor.port()), "2");
            stale.call("SENTINEL", "MONITOR", "other", "127.0.0.1", String.valueOf(impostor.port()), "2");
        }
    }

    @AfterAll
    void stop() {
        deployment.close();
        impostor.close();
    }

    @Test
    @Order(1)
    void discover_staleSentinelFirst_findsThePrimaryOfTheMajority() {
        assertThat(discover(sentinel(2), sentinel(0), sentinel(1))).isEqualTo(address(deployment.primary()));
        assertThat(discover(sentinel(0))).isEqualTo(address(deployment.primary()));
    }

    @Test
    @Order(1)
    void discover_staleSentinelGivenUnderTwoNames_countsOnce() {
        NodeAddress sameSentinel = new NodeAddress("localhost", sentinel(2).port());
        Deployment.Sentinel sentinelDeployment = new Deployment.Sentinel(
                List.of(address(sentinel(2)), sameSentinel, address(sentinel(0))),
                RedisSentinel.NAME,
                Access.OPEN,
                Access.OPEN,
                NodeMap.NONE);

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> engine.discover(sentinelDeployment))
                .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR)
                .withMessageContaining("at least 2 of 2 must name the same one");
    }

    @Test
    @Order(2)
    void everyCommand_twoSentinelsDisagree_refusesAndSaysWhatEachNames() throws InterruptedException {
        Deployment disputedDeployment = deployment(RedisSentinel.NAME, sentinel(2), sentinel(0));

        // All commands that find the primary are refused: discover, inspect, sweep, doctor and estimate.
        for (ThrowingCallable command : Stream.<ThrowingCallable>of(
                        () -> engine.discover(disputedDeployment),
                        () -> engine.inspect(disputedDeployment),
                        () -> engine.sweep(
                                SweepRequest.of(disputedDeployment, PacePolicy.FULL)
                                        .withPatience(Duration.ZERO),
                                new SweepControl(),
                                new EventLog()),
                        () -> doctor.examine(disputedDeployment, /* purging= */ false),
                        () -> estimator.estimate(
                                new EstimateRequest(disputedDeployment, /* exact= */ false, /* samplePrimary= */ true)))
                .toList()) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(command)
                    .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR)
                    .withMessageContaining(address(sentinel(2)) + " names " + address(impostor))
                    .withMessageContaining(address(sentinel(0)) + " names " + address(deployment.primary()))
                    .withMessageContaining("at least 2 of 2 must name the same one");
        }

        // No command has scanned the impostor.
        try (RespClient client = impostor.client()) {
            assertThat(client.callText("INFO", "commandstats")).doesNotContain("cmdstat_scan");
        }
    }

    @Test
    @Order(3)
    void discover_nameThatAnotherSentinelDoesNotKnow_isRefused() {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> engine.discover(deployment("other", sentinel(2), sentinel(0))))
                .withMessageContaining(address(sentinel(0)) + " knows no 'other', it knows: main");
        assertThat(engine.discover(deployment("other", sentinel(2))).primaries())
                .extracting(Primary::address)
                .containsExactly(address(impostor));
    }

    @Test
    @Order(3)
    void discover_unknownNameAndNamesMayNotBeListed_isStillRefusedAsAWrongName() {
        try (RespClient client = sentinel(0).client()) {
            client.call("ACL", "SETUSER", "app", "on", ">secret", "-@all", "+sentinel|get-master-addr-by-name");
        }
        Access app = new Access(new Credentials("app", "secret"), /* tls= */ null);
        Deployment.Sentinel sentinelDeployment =
                new Deployment.Sentinel(List.of(address(sentinel(0))), "another", app, Access.OPEN, NodeMap.NONE);

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> engine.discover(sentinelDeployment))
                .matches(e -> e.reason() == Reason.OTHER_DEPLOYMENT)
                .withMessageContaining("knows no 'another', and refuses to list the names that it knows");
    }

    @Test
    @Order(4)
    void discover_majorityNamesAReplica_isRefusedByItsRole() {
        try (RespClient client = impostor.client()) {
            client.call(
                    "REPLICAOF",
                    "127.0.0.1",
                    String.valueOf(deployment.primary().port()));
        }

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> discover(sentinel(2)))
                .matches(e -> e.reason() == Reason.REPLICA)
                .withMessageContaining("reports the role slave");
    }

    @Test
    @Order(5)
    void discover_frozenSentinel_countsAsNotAgreeing() {
        sentinel(2).freeze();

        try (NodeConnector connectorWithShortTimeout =
                new LettuceConnector(Duration.ofSeconds(5), Duration.ofSeconds(5))) {
            assertThat(discover(connectorWithShortTimeout, sentinel(2), sentinel(0), sentinel(1)))
                    .isEqualTo(address(deployment.primary()));
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> discover(connectorWithShortTimeout, sentinel(2), sentinel(0)))
                    .withMessageContaining(address(sentinel(2)) + " accepts connections but has sent nothing for 5 s")
                    .withMessageContaining(address(sentinel(0)) + " names " + address(deployment.primary()));
        }
    }

    @Test
    @Order(6)
    void discover_primaryIsFlaggedAsDown_isRefused() {
        RedisServer primary = deployment.primary();
        // No replica takes over, because one sentinel of two cannot elect a leader alone.
        sentinel(1).kill();
        primary.freeze();
        await("the sentinel regards the primary as down").until(() -> {
            try (RespClient client = sentinel(0).client()) {
                return ((List<?>) Objects.requireNonNull(client.call("SENTINEL", "MASTER", RedisSentinel.NAME)))
                        .stream().anyMatch(field -> String.valueOf(field).contains("s_down"));
            }
        });

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> discover(sentinel(0)))
                .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR)
                .withMessageContaining("and regards it as down");
    }

    /** Returns the primary that these sentinels name. */
    private NodeAddress discover(RedisServer... sentinels) {
        return discover(connector, sentinels);
    }

    private static NodeAddress discover(NodeConnector through, RedisServer... sentinels) {
        Deployment.Sentinel sentinelDeployment = deployment(RedisSentinel.NAME, sentinels);
        return new SentinelDiscovery(through, sentinelDeployment)
                .discover()
                .primaries()
                .getFirst()
                .address();
    }

    /** Returns a sentinel of the deployment, counted from 0; number 2 is the stale one. */
    private RedisServer sentinel(int number) {
        return deployment.sentinels().get(number);
    }

    /** Returns the deployment of a primary's name at these sentinels. */
    private static Deployment.Sentinel deployment(String name, RedisServer... sentinels) {
        return new Deployment.Sentinel(
                Stream.of(sentinels).map(SentinelAgreementIT::address).toList(),
                name,
                Access.OPEN,
                Access.OPEN,
                NodeMap.NONE);
    }

    private static NodeAddress address(RedisServer server) {
        return new NodeAddress("127.0.0.1", server.port());
    }
}
