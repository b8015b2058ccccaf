package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the messages for a server to which no connection is possible, and for a connection that is closed later. */
final class ConnectionFailuresTest {

    private static final NodeAddress ADDRESS = new NodeAddress("10.0.0.1", 6379);

    @AutoClose
    private final LettuceConnector connector = new LettuceConnector(Duration.ofSeconds(2), Duration.ofSeconds(3));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void open_unreachableNetwork_acceptsNoConnection(boolean encrypted) {
        // The kernel refuses to connect to the broadcast address, whatever the network is.
        NodeAddress unreachable = new NodeAddress("255.255.255.255", 6379);
        Access access = new Access(Credentials.NONE, encrypted ? Tls.DEFAULT : null);
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> connector.open(unreachable, access))
                .withMessageStartingWith("255.255.255.255:6379 accepts no connection: Network is unreachable")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void notConnected_noRoute_acceptsNoConnection(boolean encrypted) {
        NodeRefusedException failure = new ConnectionFailures(ADDRESS, encrypted ? Tls.DEFAULT : null)
                .notConnected(new IllegalStateException(new NoRouteToHostException("No route to host")));
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure).hasMessage("10.0.0.1:6379 accepts no connection: No route to host");
    }

    @Test
    void lostBeforeReply_reset_mayRequireTls() {
        assertThat(new ConnectionFailures(ADDRESS, /* tls= */ null)
                        .lostBeforeReply(new SocketException("Connection reset")))
                .hasMessage("10.0.0.1:6379 closed the connection before it answered; does it require TLS (rediss://)?");
    }
}
