package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeMapTest {

    @Test
    void resolve_announcedAddress_isTheMappedOne() {
        NodeMap map = NodeMap.parse("a:1=b:2, [fd00::1]:6379=[::1]:7001");
        assertThat(map.resolve(new NodeAddress("a", 1))).isEqualTo(new NodeAddress("b", 2));
        assertThat(map.resolve(new NodeAddress("fd00::1", 6379))).isEqualTo(new NodeAddress("::1", 7001));
        assertThat(map.resolve(new NodeAddress("a", 2))).isEqualTo(new NodeAddress("a", 2));
    }

    @Test
    void parse_blank_mapsNothing() {
        assertThat(NodeMap.parse(" ")).isEqualTo(NodeMap.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:1",
                "a:1=b",
                "a=b:1",
                "a:0=b:1",
                "a:1=b:65536",
                ":1=b:1",
                "fd00::1:1=b:1",
                "a:1=b:2,",
                "a:1=b:2,a:1=c:3"
            })
    void parse_malformedPairs_isRefusedWithTheRule(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeMap.parse(text))
                .withMessageStartingWith("node map has ")
                .withMessageContaining("must ");
    }
}
