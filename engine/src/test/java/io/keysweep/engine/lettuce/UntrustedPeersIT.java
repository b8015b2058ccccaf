package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.FakePeer.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.FakePeer;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Tests hostile peers: host names whose address changes (DNS rebinding), and texts with line breaks or control codes in
 * passwords and errors.
 */
final class UntrustedPeersIT {

    /** A password that contains a command of the protocol. */
    private static final String PASSWORD = "open sesame\r\nCONFIG SET dir /tmp\r\n";

    private static final Access ACCESS = new Access(new Credentials("sweeper", PASSWORD), /* tls= */ null);
    private static final String OK = "+OK\r\n";

    /**
     * Denies 127.0.0.2, and allows 127.0.0.1. Both are addresses of this machine. {@link #trap} listens on 127.0.0.2,
     * and must get no connection.
     */
    private static final EgressPolicy POLICY = new EgressPolicy(
            EgressPolicy.ANYWHERE,
            IpNetwork.parseList("127.0.0.2/32"),
            List.of(PortRange.ALL),
            /* unixSockets= */ false);

    @AutoClose
    private static final FakePeer trap = FakePeer.trap("127.0.0.2");

    @AutoClose
    private static final LettuceConnector connector = connector(new EgressGate(POLICY, UntrustedPeersIT::resolve));

    @Test
    void hostName_whoseAddressChanges_isResolvedOncePerConnection() throws UnknownHostException {
        AtomicInteger calls = new AtomicInteger();
        EgressGate rebindingGate = new EgressGate(
                POLICY,
                host -> List.of(InetAddress.getByName(calls.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")));
        LettuceConnector rebindingConnector = connector(rebindingGate);
        try (FakePeer server = FakePeer.start(command -> OK);
                NodeLink link = rebindingConnector.open(new NodeAddress("rebinding.example", server.port()), ACCESS)) {
            assertThat(link.call("PING")).isNotNull();
            assertThat(server.received()).hasSize(2);
            assertThat(calls).hasValue(1);

            // The second connection resolves the name again, now to a denied address.
            NodeAddress trapAddress = new NodeAddress("rebinding.example", trap.port());
            assertRefused(() -> rebindingConnector.open(trapAddress, ACCESS), Reason.ADDRESS_DENIED);
            assertThat(trap.connections()).isZero();
        } finally {
            rebindingConnector.close();
        }
    }

    @Test
    void tls_checksTheNameThatTheUserGave() {
        try (Certificates certificates = Certificates.create();
                RedisServer server = RedisServer.startWithTls(
                        RedisVersion.REDIS_7_0,
                        certificates.wrongName(),
                        certificates.authority().certificate(),
                        "--tls-auth-clients",
                        "no")) {
            Access trustingAccess = Access.OPEN.withTls(
                    Tls.ofFiles(certificates.authority().certificate(), /* certificate= */ null, /* key= */ null));
            // The certificate is only for elsewhere.example.
            NodeAddress certifiedAddress = new NodeAddress("elsewhere.example", server.tlsPort());
            NodeAddress otherAddress = new NodeAddress("other.example", server.tlsPort());

            try (NodeLink link = connector.open(certifiedAddress, trustingAccess)) {
                assertThat(link.call("PING")).isEqualTo(new Reply.Text("PONG"));
            }
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> connector.open(otherAddress, trustingAccess))
                    .withMessageContaining("presents a certificate that does not match");
        }
    }

    @Test
    void credentials_withProtocolLines_areSentAsTwoArguments() {
        try (FakePeer server = FakePeer.start(command -> OK);
                NodeLink link = connector.open(new NodeAddress("127.0.0.1", server.port()), ACCESS)) {
            assertThat(link.call("PING")).isNotNull();
            assertThat(server.received()).containsExactly(List.of("AUTH", "sweeper", PASSWORD), List.of("PING"));
        }
    }

    @Test
    void error_ofAPeer_isEscapedAndCutAndHidesThePassword() {
        try (FakePeer server = FakePeer.start(command ->
                error("ERR \u001b[2J" + String.join(" ", command).replace("\r\n", " ") + "x".repeat(10_000)))) {
            Access access = new Access(new Credentials("sweeper", "open-sesame"), /* tls= */ null);
            NodeRefusedException refusal = catchThrowableOfType(
                    NodeRefusedException.class,
                    () -> connector.open(new NodeAddress("127.0.0.1", server.port()), access));

            assertThat(refusal.getMessage())
                    .hasSizeLessThan(700)
                    .contains("\\u001b[2J", "***")
                    .doesNotContain("open-sesame", "\u001b");
        }
    }

    private static LettuceConnector connector(EgressGate gate) {
        return new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1), gate);
    }

    /** Resolves names of the tests to addresses of this machine, and asks no name service. */
    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        return switch (host) {
            case "elsewhere.example", "other.example" -> List.of(InetAddress.getAllByName("127.0.0.1"));
            case "127.0.0.1" -> List.of(InetAddress.getAllByName(host));
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
