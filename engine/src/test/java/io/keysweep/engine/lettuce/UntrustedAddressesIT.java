package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.FakePeer.array;
import static io.keysweep.testkit.FakePeer.bulk;
import static io.keysweep.testkit.FakePeer.bulks;
import static io.keysweep.testkit.FakePeer.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.discovery.ClusterDiscovery;
import io.keysweep.engine.discovery.SentinelDiscovery;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.FakePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that Redis and Sentinel servers cannot make Keysweep connect to an address of their choice with the password.
 *
 * <p>The addresses lead to a trap on this machine, which is a server that counts its connections. It must count none.
 */
final class UntrustedAddressesIT {

    /** A password that contains a command of the protocol. */
    private static final String PASSWORD = "open sesame\r\nCONFIG SET dir /tmp\r\n";

    private static final Access ACCESS = new Access(new Credentials("sweeper", PASSWORD), /* tls= */ null);
    private static final String OK = "+OK\r\n";

    /** The id of the only primary of a cluster. */
    private static final String ID = "a".repeat(40);

    /** Denies 127.0.0.2, where the trap is, and allows 127.0.0.1. Both are addresses of this machine. */
    private static final EgressPolicy POLICY = new EgressPolicy(
            EgressPolicy.ANYWHERE,
            IpNetwork.parseList("127.0.0.2/32,169.254.0.0/16"),
            List.of(PortRange.ALL),
            /* unixSockets= */ false);

    @AutoClose
    private static final FakePeer trap = FakePeer.trap("127.0.0.2");

    @AutoClose
    private static final LettuceConnector connector = connector(new EgressGate(POLICY, UntrustedAddressesIT::resolve));

    /** Returns hosts with ports that are not addresses; {@code %d} stands for the port of a trap on 127.0.0.1. */
    static Stream<List<String>> noAddresses() {
        return Stream.of(
                List.of("127.0.0.1", "0"),
                List.of("127.0.0.1", "-1"),
                List.of("127.0.0.1", "65536"),
                List.of("127.0.0.1", "4294967296+%d"),
                List.of("127.0.0.1\r\nCONFIG SET dir /tmp", "%d"),
                List.of("<script>alert(1)</script>", "%d"),
                List.of("\u001b[31m127.0.0.1", "%d"),
                List.of("2130706433", "%d"),
                List.of("0x7f000001", "%d"),
                List.of("0177.0.0.1", "%d"),
                List.of("127.1", "%d"),
                List.of("0.0.0.0", "%d"),
                List.of("user:secret@127.0.0.1", "%d"),
                List.of("a".repeat(10_000), "%d"));
    }

    @ParameterizedTest
    @MethodSource("noAddresses")
    void cluster_announcesNoAddress_isRefusedWithoutAConnection(List<String> announced) {
        try (FakePeer target = FakePeer.trap("127.0.0.1");
                FakePeer cluster = cluster(announced.getFirst(), port(announced, target), /* replica= */ null)) {
            assertRefused(() -> discovery(connector, cluster).discover(), Reason.TOPOLOGY_UNCLEAR);
            assertThat(target.connections()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("noAddresses")
    void sentinel_announcesNoAddress_isRefusedWithoutAConnection(List<String> announced) {
        try (FakePeer target = FakePeer.trap("127.0.0.1");
                FakePeer sentinel = sentinel(announced.getFirst(), String.valueOf(port(announced, target)))) {
            assertRefused(
                    () -> new SentinelDiscovery(connector, sentinels(sentinel)).discover(), Reason.TOPOLOGY_UNCLEAR);
            assertThat(target.connections()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("noAddresses")
    void primary_listsAReplicaWithoutAnAddress_replicaIsNotRead(List<String> announced) {
        try (FakePeer target = FakePeer.trap("127.0.0.1");
                FakePeer primary = primary("slave0:ip=" + announced.getFirst().replace("\r\n", "\n") + ",port="
                        + port(announced, target) + ",state=online,offset=1,lag=0")) {
            assertThatExceptionOfType(EstimateRefusedException.class).isThrownBy(() -> estimate(primary));
            assertThat(target.connections()).isZero();
        }
    }

    @Test
    void peers_announceAUnixSocket_nothingConnectsToIt(@TempDir Path folder) throws IOException {
        Path socket = folder.resolve("s");
        LettuceConnector openConnector = connector(EgressGate.OPEN);
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                FakePeer cluster = cluster(socket.toString(), /* port= */ 0, /* replica= */ null);
                FakePeer sentinel = sentinel(socket.toString(), "0");
                FakePeer primary = primary("slave0:ip=" + socket + ",port=0,state=online,offset=1,lag=0")) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            listener.configureBlocking(false);

            assertRefused(() -> discovery(openConnector, cluster).discover(), Reason.TOPOLOGY_UNCLEAR);
            assertRefused(
                    () -> new SentinelDiscovery(openConnector, sentinels(sentinel)).discover(),
                    Reason.TOPOLOGY_UNCLEAR);
            assertThatExceptionOfType(EstimateRefusedException.class).isThrownBy(() -> estimate(primary));
            try (SocketChannel accepted = listener.accept()) {
                assertThat(accepted).isNull();
            }
        } finally {
            openConnector.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2", "::ffff:127.0.0.2", "trap.example", "metadata.example"})
    void peers_announceADeniedAddress_nothingConnectsToIt(String host) {
        try (FakePeer cluster = cluster(host, trap.port(), /* replica= */ null);
                FakePeer sentinel = sentinel(host, String.valueOf(trap.port()));
                FakePeer primary = primary("slave0:ip=" + host + ",port=" + trap.port() + ",state=online")) {
            NodeAddress announcedPrimary = discovery(connector, cluster)
                    .discover()
                    .primaries()
                    .getFirst()
                    .address();

            assertRefused(() -> connector.open(announcedPrimary, ACCESS), Reason.ADDRESS_DENIED);
            assertThat(doctor().examine(cluster(cluster), /* purging= */ false).refusals())
                    .extracting(NodeRefusedException::reason)
                    .containsExactly(Reason.ADDRESS_DENIED);
            assertRefused(
                    () -> new SentinelDiscovery(connector, sentinels(sentinel)).discover(), Reason.ADDRESS_DENIED);
            assertThatExceptionOfType(EstimateRefusedException.class).isThrownBy(() -> estimate(primary));
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void cluster_announcesAReplicaWithoutAnAddress_findsThePrimary() {
        try (FakePeer cluster = cluster("127.0.0.1", 7000, "/run/redis.sock")) {
            assertThat(discovery(connector, cluster).discover().nodes())
                    .containsExactly(new NodeAddress("127.0.0.1", 7000));
        }
    }

    @Test
    void cluster_announcesSlotsThatDoNotExist_isRefused() {
        String node = array(bulk("127.0.0.1"), integer(7000), bulk(ID), array());
        try (FakePeer cluster = FakePeer.start(command ->
                command.contains("SLOTS") ? array(array(integer(0), integer(4_294_967_296L + 5), node)) : OK)) {
            assertRefused(() -> discovery(connector, cluster).discover(), Reason.UNREACHABLE);
        }
    }

    /** Starts a peer that answers CLUSTER SLOTS with one primary that has all slots, and perhaps a replica. */
    private static FakePeer cluster(String host, long port, @Nullable String replica) {
        String primary = array(bulk(host), integer(port), bulk(ID), array());
        String follower = replica == null ? "" : array(bulk(replica), integer(0), bulk("b".repeat(40)), array());
        String range = "*" + (replica == null ? 3 : 4) + "\r\n" + integer(0) + integer(16_383) + primary + follower;
        return FakePeer.start(command -> command.contains("SLOTS") ? array(range) : OK);
    }

    /** Starts a peer that answers as a sentinel, and names a primary. */
    private static FakePeer sentinel(String host, String port) {
        return FakePeer.start(command -> {
            if (command.contains("GET-MASTER-ADDR-BY-NAME")) {
                return bulks(host, port);
            }
            return command.contains("MASTER") ? bulks("name", "main", "config-epoch", "1", "flags", "master") : OK;
        });
    }

    /** Starts a peer whose INFO describes a primary with 500 keys and a replica. */
    private static FakePeer primary(String replicaLine) {
        String info = "redis_version:7.0.0\r\nredis_mode:standalone\r\nrole:master\r\nmaster_replid:x\r\n" + replicaLine
                + "\r\ndb0:keys=500,expires=500,avg_ttl=0\r\n";
        return FakePeer.start(command -> switch (command.getFirst()) {
            case "INFO" -> bulk(info);
            case "DBSIZE" -> integer(500);
            case "SCAN" -> array(bulk("0"), array());
            default -> OK;
        });
    }

    /** Returns the announced port, which may be a sum and contain the port of the target. */
    private static long port(List<String> announced, FakePeer target) {
        return Stream.of(announced
                        .getLast()
                        .replace("%d", String.valueOf(target.port()))
                        .split("\\+"))
                .mapToLong(Long::parseLong)
                .sum();
    }

    private void estimate(FakePeer primary) throws InterruptedException {
        Deployment server = new Deployment.Standalone(new NodeAddress("127.0.0.1", primary.port()), ACCESS);
        new ReplicaFirstEstimator(connector, Timing.system(), new Random(1))
                .estimate(new EstimateRequest(server, /* exact= */ false, /* samplePrimary= */ false));
    }

    private Doctor doctor() {
        return new ServerDoctor(connector);
    }

    private static ClusterDiscovery discovery(LettuceConnector connector, FakePeer peer) {
        return new ClusterDiscovery(connector, cluster(peer));
    }

    private static Deployment.Cluster cluster(FakePeer peer) {
        return new Deployment.Cluster(List.of(new NodeAddress("127.0.0.1", peer.port())), ACCESS, NodeMap.NONE);
    }

    private static Deployment.Sentinel sentinels(FakePeer peer) {
        return new Deployment.Sentinel(
                List.of(new NodeAddress("127.0.0.1", peer.port())), "main", ACCESS, ACCESS, NodeMap.NONE);
    }

    private static LettuceConnector connector(EgressGate gate) {
        return new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1), gate);
    }

    /** Resolves names of the tests to addresses of this machine, and asks no name service. */
    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        return switch (host) {
            case "trap.example" -> List.of(InetAddress.getAllByName("127.0.0.2"));
            case "metadata.example" -> List.of(InetAddress.getAllByName("169.254.169.254"));
            case "127.0.0.1", "127.0.0.2", "::ffff:127.0.0.2" -> List.of(InetAddress.getAllByName(host));
            default -> throw new UnknownHostException(host);
        };
    }

    /** Asserts the reason of a refusal, and that its message is short and has neither password nor control codes. */
    private static void assertRefused(ThrowingCallable call, Reason reason) {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(call)
                .matches(e -> e.reason() == reason, "for " + reason)
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("open sesame", "\r", "\n", "\u001b")
                        .hasSizeLessThan(600));
    }
}
