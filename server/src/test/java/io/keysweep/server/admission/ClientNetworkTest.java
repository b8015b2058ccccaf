package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which addresses the limits treat as one client: an IPv4 address, or an IPv6 network. */
final class ClientNetworkTest {

    @ParameterizedTest
    @CsvSource({
        // address of a client, network that is treated as one client
        "2001:db8:0:1::1, 2001:db8:0:1:0:0:0:0/64",
        "2001:DB8::1:ffff:ffff:ffff:ffff, 2001:db8:0:1:0:0:0:0/64",
        "2001:db8:0:2::1, 2001:db8:0:2:0:0:0:0/64",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:0/64",
        "::1, 0:0:0:0:0:0:0:0/64",
        "10.0.0.1, 10.0.0.1",
        "::ffff:10.0.0.1, 10.0.0.1",
        "'', ''",
        "not an address, not an address"
    })
    void network_ofAnAddress_isTheAddress_orTheFirst64BitsOfAnIpv6Address(String address, String network) {
        assertThat(ClientNetwork.of(address)).isEqualTo(network);
    }
}
