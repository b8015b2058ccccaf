package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the text form of addresses, and which announced hosts and ports are refused. */
final class NodeAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 6379, 10.0.0.1:6379",
        "fd00::7, 1, [fd00::7]:1",
        "fe80::1%eth0, 65535, [fe80::1%eth0]:65535",
        "redis_1.my-net.example., 7000, redis_1.my-net.example.:7000"
    })
    void announced_hostAndPort_isTheAddress(String host, long port, String text) {
        assertThat(NodeAddress.announced(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A path is not a host.
                "/run/redis.sock | 0",
                "/run/redis.sock | 6379",
                // The port is not within 1 to 65535.
                "10.0.0.1 | 0",
                "10.0.0.1 | -1",
                "10.0.0.1 | 65536",
                "10.0.0.1 | 4294973675",
                // The node announces no host, or an address that no single host has.
                "'' | 6379",
                "? | 6379",
                "0.0.0.0 | 6379",
                ":: | 6379",
                "239.1.2.3 | 6379",
                // An IPv4 address is malformed or in an unusual spelling.
                "10.0.0 | 6379",
                "10.0.0.256 | 6379",
                "010.0.0.1 | 6379",
                "2130706433 | 6379",
                "0x7f000001 | 6379",
                "0x7f.1 | 6379",
                // A name or an IPv6 address is malformed.
                "-host | 6379",
                "a..b | 6379",
                "<b>host</b> | 6379",
                "host name | 6379",
                "user@host | 6379",
                "host:1 | 6379",
                "[::1] | 6379",
                "1::2::3 | 6379",
                "höst | 6379"
            })
    void announced_notTheAddressOfAHost_isRefused(String host, long port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.announced(host, port))
                .withMessageContaining("must be the name or IP address of one host and a port from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nCONFIG SET dir /", "a\u001b[2Jb", "a\u202eb", "a\u0000"})
    void announced_controlCharacters_areRefusedAndEscaped(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.announced(host, 1))
                .satisfies(e ->
                        assertThat(e.getMessage()).matches("[\\x20-\\x7e]*").contains("\\"));
    }

    @Test
    void announced_longText_isRefusedAndCut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.announced("a".repeat(100_000), 1))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
        assertThatIllegalArgumentException().isThrownBy(() -> NodeAddress.announced("a".repeat(64), 1));
        assertThat(NodeAddress.announced("a".repeat(63), 1).host()).hasSize(63);
    }

    @Test
    void constructor_portOfATcpHost_mustBeValid() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeAddress("10.0.0.1", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeAddress("/run/redis.sock", 6379));
        assertThat(NodeAddress.unix("/run/redis.sock").isUnixSocket()).isTrue();
    }
}
