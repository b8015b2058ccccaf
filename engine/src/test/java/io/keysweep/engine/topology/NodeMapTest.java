package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the text form of node maps, and which entry applies to a node. */
final class NodeMapTest {

    @Test
    void resolve_announcedAddress_isTheMappedOne() {
        NodeMap map = NodeMap.parse("a:1=b:2, [fd00::1]:6379=[::1]:7001");
        assertThat(map.resolve(new NodeAddress("a", 1))).isEqualTo(new NodeAddress("b", 2));
        assertThat(map.resolve(new NodeAddress("fd00::1", 6379))).isEqualTo(new NodeAddress("::1", 7001));
        assertThat(map.resolve(new NodeAddress("a", 2))).isEqualTo(new NodeAddress("a", 2));
    }

    @Test
    void find_nodeIdOrHost_isTheMappedAddress() {
        // The case of the letters in an id has no meaning.
        String id = "07c37dfeb235213a872192d90877d0cd55635B91";
        NodeMap map = NodeMap.parse(id + "=b:2,redis-1=10.8.0.1,redis-1:7=c:3,fd00::1=::1");

        assertThat(map.findById(id.toUpperCase(Locale.ROOT))).isEqualTo(new NodeAddress("b", 2));
        assertThat(map.findById("0".repeat(40))).isNull();
        assertThat(map.resolve(new NodeAddress("REDIS-1", 6379))).isEqualTo(new NodeAddress("10.8.0.1", 6379));
        assertThat(map.resolve(new NodeAddress("redis-1", 7))).isEqualTo(new NodeAddress("c", 3));
        assertThat(map.find(new NodeAddress("redis-2", 7))).isNull();
        assertThat(NodeMap.parse(map.toString())).isEqualTo(map);
    }

    @Test
    void find_hostInOtherCase_isTheMappedAddress() {
        NodeMap map = NodeMap.parse("Redis-1:1=b:2,REDIS-2=c");
        assertThat(map.resolve(new NodeAddress("redis-1", 1))).isEqualTo(new NodeAddress("b", 2));
        assertThat(map.resolve(new NodeAddress("REDIS-1", 1))).isEqualTo(new NodeAddress("b", 2));
        assertThat(map.resolve(new NodeAddress("redis-2", 1))).isEqualTo(new NodeAddress("c", 1));
    }

    @Test
    void parse_blank_mapsNothing() {
        assertThat(NodeMap.parse(" ")).isEqualTo(NodeMap.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // There is no equals sign.
                "a:1",
                // An address is mapped to a host, or a host to an address.
                "a:1=b",
                "a=b:1",
                // A port is not within 1 to 65535.
                "a:0=b:1",
                "a:1=b:65536",
                // The host is empty, or an IPv6 address without brackets.
                ":1=b:1",
                "fd00::1:1=b:1",
                // The last pair is empty.
                "a:1=b:2,",
                // A node is named twice; the case of a host has no meaning.
                "a:1=b:2,a:1=c:3",
                "a=b,A=c",
                "a:1=b:2,A:1=c:3",
                // An id is mapped to a host.
                "07c37dfeb235213a872192d90877d0cd55635b91=b",
                // The reachable side is no address, or no host.
                "a:1=/run/redis.sock",
                "a=b/c"
            })
    void parse_malformedPairs_isRefusedWithTheRule(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeMap.parse(text))
                .withMessageStartingWith("the node map has ")
                .withMessageContaining("must ");
    }
}
