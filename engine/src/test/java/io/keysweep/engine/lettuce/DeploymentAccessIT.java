package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.deployment.DeploymentListener;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.DeploymentSweep;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Wiring;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests sweeps of a cluster and of a Sentinel deployment over TLS, over IPv6, and to mapped addresses. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class DeploymentAccessIT {

    private static final int LIVE = 600;
    private static final int DEAD = 400;

    @AutoClose
    private static final Certificates certificates = Certificates.create();

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private static final Doctor doctor = LettuceEngine.doctor();

    @AutoClose
    private static final BacklogEstimator estimator = LettuceEngine.estimator();

    /** Ignores all events. */
    private static final DeploymentListener SILENT = new DeploymentListener() {
        @Override
        public void onRound(SweepRound round) {}

        @Override
        public void onEvent(Shard shard, SweepEvent event) {}
    };

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_8_0", "VALKEY_9"})
    void sweep_clusterOverMutualTlsAsTheDoctorsUser_isExact(RedisVersion version) throws InterruptedException {
        Wiring wiring = Wiring.mutualTls(certificates);
        try (RedisCluster cluster = RedisCluster.start(version, wiring, /* primaries= */ 2, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            Deployment withoutUser =
                    deploymentOf(cluster, wiring, Access.OPEN.withTls(tlsWithClientCertificate()), NodeMap.NONE);
            cluster.nodes().forEach(node -> makeUser(node, withoutUser));

            DeploymentReport report = sweep(deploymentOf(
                    cluster, wiring, new Access(proposedUser(), tlsWithClientCertificate()), NodeMap.NONE));

            assertSwept(cluster, report);
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> sweep(deploymentOf(
                            cluster, wiring, Access.OPEN.withTls(tlsWithoutClientCertificate()), NodeMap.NONE)))
                    .withMessageContaining("client certificate");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void sweep_clusterOverTlsAndIpv6_isExact(RedisVersion version) throws InterruptedException {
        Wiring wiring = Wiring.tlsOverIpv6(certificates);
        try (RedisCluster cluster = RedisCluster.start(version, wiring, /* primaries= */ 2, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);

            DeploymentReport report = sweep(
                    deploymentOf(cluster, wiring, Access.OPEN.withTls(tlsWithoutClientCertificate()), NodeMap.NONE));

            assertSwept(cluster, report);
            assertThat(report.outcomes())
                    .extracting(outcome -> outcome.shard().primary().host())
                    .containsOnly("::1");
        }
    }

    @Test
    void sweep_clusterThatAnnouncesUnknownHosts_isExactWithNodeMap() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(
                RedisVersion.REDIS_7_0,
                /* primaries= */ 2,
                /* replicas= */ 0,
                "--cluster-announce-hostname",
                "node.invalid",
                "--cluster-preferred-endpoint-type",
                "hostname")) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            Map<NodeAddress, NodeAddress> reachableAddresses = cluster.nodes().stream()
                    .collect(Collectors.toMap(
                            node -> new NodeAddress("node.invalid", node.port()),
                            node -> new NodeAddress("127.0.0.1", node.port())));

            DeploymentReport report =
                    sweep(deploymentOf(cluster, Wiring.PLAIN, Access.OPEN, new NodeMap(reachableAddresses)));

            assertSwept(cluster, report);
            assertThat(engine.discover(deploymentOf(cluster, Wiring.PLAIN, Access.OPEN, NodeMap.NONE))
                            .nodes())
                    .as("the hosts of the announced addresses")
                    .extracting(NodeAddress::host)
                    .contains("node.invalid");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_8_0"})
    void sweep_sentinelOverMutualTlsAsTheDoctorsUser_isExact(RedisVersion version) throws InterruptedException {
        Wiring wiring = Wiring.mutualTls(certificates);
        try (RedisSentinel sentinel = RedisSentinel.start(version, wiring, /* replicas= */ 1, password(version))) {
            Deployment withoutUser =
                    deploymentOf(sentinel, wiring, Access.OPEN.withTls(tlsWithClientCertificate()), NodeMap.NONE);
            makeUser(sentinel.primary(), withoutUser);

            assertSwept(
                    sentinel,
                    deploymentOf(
                            sentinel, wiring, new Access(proposedUser(), tlsWithClientCertificate()), NodeMap.NONE));
        }
    }

    @Test
    void sweep_sentinelOverTlsAndIpv6_isExact() throws InterruptedException {
        Wiring wiring = Wiring.tlsOverIpv6(certificates);
        try (RedisSentinel sentinel = RedisSentinel.start(RedisVersion.VALKEY_9, wiring, /* replicas= */ 1, "secret")) {
            SweepReport report = assertSwept(
                    sentinel,
                    deploymentOf(sentinel, wiring, Access.OPEN.withTls(tlsWithoutClientCertificate()), NodeMap.NONE));
            assertThat(report.nodeId()).startsWith("[::1]:");
        }
    }

    @Test
    void sweepAndEstimate_sentinelWithNodeMap_useTheMappedAddresses() throws InterruptedException {
        try (RedisSentinel sentinel = RedisSentinel.start(RedisVersion.REDIS_7_0, /* replicas= */ 1, "secret");
                FaultProxy beforePrimary =
                        FaultProxy.inFrontOf(sentinel.servers().getFirst().port());
                FaultProxy beforeReplica =
                        FaultProxy.inFrontOf(sentinel.servers().getLast().port())) {
            NodeMap map = new NodeMap(Map.of(
                    address(sentinel.servers().getFirst(), Wiring.PLAIN),
                    new NodeAddress("127.0.0.1", beforePrimary.port()),
                    address(sentinel.servers().getLast(), Wiring.PLAIN),
                    new NodeAddress("127.0.0.1", beforeReplica.port())));
            Deployment deployment = deploymentOf(sentinel, Wiring.PLAIN, Access.OPEN, map);

            SweepReport report = assertSwept(sentinel, deployment);

            // The estimate counts on the replica, which must have all changes first.
            try (RespClient onPrimary = sentinel.servers().getFirst().client();
                    RespClient onReplica = sentinel.servers().getLast().client()) {
                Replication.awaitSynchronised(onPrimary, onReplica);
            }
            Estimate estimate = estimator
                    .estimate(new EstimateRequest(deployment, /* exact= */ true, /* samplePrimary= */ false))
                    .getFirst();

            assertThat(report.nodeId()).isEqualTo("127.0.0.1:" + beforePrimary.port());
            assertThat(estimate.countedOn()).isEqualTo("127.0.0.1:" + beforeReplica.port());
        }
    }

    /** Creates the user that the doctor proposes for this deployment. */
    private static void makeUser(RedisServer server, Deployment deployment) {
        String command = Objects.requireNonNull(doctor.examine(deployment, /* purging= */ false)
                .diagnoses()
                .getFirst()
                .userCommand());
        try (RespClient client = server.client()) {
            client.call(command.replace("PASSWORD", "secret").split(" "));
        }
    }

    /** Returns the credentials of the user that {@link #makeUser} creates. */
    private static Credentials proposedUser() {
        return new Credentials("keysweep", "secret");
    }

    /** Returns TLS that trusts the authority of the servers, and presents no client certificate. */
    private static Tls tlsWithoutClientCertificate() {
        return Tls.ofFiles(certificates.authority().certificate(), /* certificate= */ null, /* key= */ null);
    }

    /** Returns TLS that trusts the authority of the servers, and presents a client certificate. */
    private static Tls tlsWithClientCertificate() {
        return Tls.ofFiles(
                certificates.authority().certificate(),
                certificates.client().certificate(),
                certificates.client().key());
    }

    /** Returns the sentinels' password; sentinels support one since Redis 6.2. */
    private static @Nullable String password(RedisVersion version) {
        return version == RedisVersion.REDIS_6_0 ? null : "secret";
    }

    private static DeploymentReport sweep(Deployment deployment) throws InterruptedException {
        return new DeploymentSweep(engine, Timing.system())
                .run(DeploymentRequest.of(SweepRequest.of(deployment, PacePolicy.FULL)), new SweepControl(), SILENT);
    }

    /** Asserts that a sweep of a cluster has reclaimed and counted the dead keys of both primaries. */
    private static void assertSwept(RedisCluster cluster, DeploymentReport report) {
        assertThat(report.success()).as("the success of the sweep: %s", report).isTrue();
        assertThat(report.exact()).isTrue();
        assertThat(report.reclaimed()).isEqualTo(2 * DEAD);
        assertThat(ClusterKeys.count(cluster)).isEqualTo(2 * LIVE);
    }

    /** Plants keys on the primary, sweeps it, and asserts that the dead keys are reclaimed and counted. */
    private static SweepReport assertSwept(RedisSentinel sentinel, Deployment deployment) throws InterruptedException {
        try (RespClient client = sentinel.primary().client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);

            SweepReport report =
                    engine.sweep(SweepRequest.of(deployment, PacePolicy.FULL), new SweepControl(), new EventLog());

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            return report;
        }
    }

    /** Returns a cluster that is reached with some access, and perhaps by mapped addresses. */
    private static Deployment deploymentOf(RedisCluster cluster, Wiring wiring, Access access, NodeMap map) {
        return new Deployment.Cluster(List.of(address(cluster.nodes().getFirst(), wiring)), access, map);
    }

    /** Returns a Sentinel deployment that is reached with some access, and perhaps by mapped addresses. */
    private static Deployment deploymentOf(RedisSentinel sentinel, Wiring wiring, Access access, NodeMap map) {
        String password = sentinel.password();
        return new Deployment.Sentinel(
                sentinel.sentinels().stream()
                        .map(server -> address(server, wiring))
                        .toList(),
                RedisSentinel.NAME,
                new Access(
                        password == null ? Credentials.NONE : new Credentials(/* username= */ null, password),
                        access.tls()),
                access,
                map);
    }

    private static NodeAddress address(RedisServer server, Wiring wiring) {
        return new NodeAddress(wiring.host(), wiring.port(server));
    }
}
