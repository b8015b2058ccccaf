package io.keysweep.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how the replicas are read from a primary's INFO, and what their state means. */
final class ReplicaLineTest {

    @Test
    void of_primaryWithReplicas_readsEachInOrder() {
        // An IPv6 address contains colons, as the fields of INFO do.
        assertThat(ReplicaLine.of(ServerInfo.parse("""
                        role:master
                        slave0:ip=fd00::2,port=6380,state=online,offset=40,lag=1
                        slave1:ip=10.0.0.3,port=6381,state=wait_bgsave,offset=0,lag=0,type=main-channel
                        """)))
                .containsExactly(
                        new ReplicaLine("fd00::2", 6380, "online", 40, 1),
                        new ReplicaLine("10.0.0.3", 6381, "wait_bgsave", 0, 0));
    }

    @Test
    void of_lineWithoutFields_hasDefaults() {
        assertThat(ReplicaLine.of(ServerInfo.parse("slave0:10.0.0.2")))
                .containsExactly(new ReplicaLine("", 0, "unknown", 0, -1));
    }

    @Test
    void of_serverWithoutReplicas_isEmpty() {
        assertThat(ReplicaLine.of(ServerInfo.parse("role:master\nslave_expires_tracked_keys:0")))
                .isEmpty();
    }

    /**
     * Tests one replica per row. The columns are its state, the offset that it has confirmed, the seconds since its
     * last confirmation (-1 if unknown), the offset of the primary, and whether it is being synchronised.
     */
    @ParameterizedTest
    @CsvSource({
        "wait_bgsave, 0, 0, 90, true",
        "send_bulk, 0, 0, 90, true",
        "send_bulk_and_stream, 0, 0, 0, true",
        "online, 40, 1, 90, false",
        // The replica still loads its data, and has confirmed nothing.
        "online, 0, 5, 90, true",
        // The primary has sent nothing that the replica could confirm.
        "online, 0, 5, 0, false",
        // This replica, such as redis-cli --replica, never confirms anything.
        "online, 0, 60, 90, false",
        "online, 0, -1, 90, false",
        "unknown, 0, -1, 90, false"
    })
    void synchronising_isTrueUntilTheReplicaConfirms(String state, long offset, long lag, long sent, boolean expected) {
        assertThat(new ReplicaLine("h", 1, state, offset, lag).synchronising(sent))
                .isEqualTo(expected);
    }

    @Test
    void bytesBehind_confirmedOffsetAboveThePrimarys_isZero() {
        // The replica has confirmed the offset 40.
        ReplicaLine line = new ReplicaLine("h", 1, "online", 40, 1);

        assertThat(line.bytesBehind(100)).isEqualTo(60);
        assertThat(line.bytesBehind(39)).isZero();
    }
}
