package io.keysweep.engine.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.topology.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that a host is resolved once and only allowed addresses are returned. */
final class EgressGateTest {

    @Test
    void resolve_name_isTheFirstAllowedAddressUnderThatName() throws UnknownHostException {
        InetSocketAddress target =
                gate("169.254.169.254", "fe80::1", "10.0.0.1", "10.0.0.2").resolve("redis.example", 6379);
        assertThat(target.getAddress().getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(target.getHostString()).isEqualTo("redis.example");
        assertThat(target.getPort()).isEqualTo(6379);
    }

    @Test
    void resolve_deniedAddressesOnly_isDeniedForTheFirst() {
        assertThatExceptionOfType(EgressDeniedException.class)
                .isThrownBy(() -> gate("169.254.169.254", "fe80::1").resolve("redis.example", 6379))
                .withMessageStartingWith("169.254.169.254 is the metadata service");
    }

    @Test
    void resolve_noAddress_isAnUnknownHost() {
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> gate().resolve("redis.example", 6379));
    }

    /** Returns a gate with the policy of the service, for which every name has these addresses. */
    private static EgressGate gate(String... addresses) {
        List<InetAddress> resolvedAddresses = Stream.of(addresses)
                .map(address -> Objects.requireNonNull(IpLiteral.parse(address)))
                .toList();
        return new EgressGate(EgressPolicy.SERVICE, host -> resolvedAddresses);
    }
}
