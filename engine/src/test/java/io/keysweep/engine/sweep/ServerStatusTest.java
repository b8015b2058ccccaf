package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what INFO shows about a server's role, product, pauses, keys and expired keys. */
final class ServerStatusTest {

    @Test
    void expiredKeys_ownCycleReportedApart_isSubtracted() {
        assertThat(serverStatus("expired_keys:100\r\nexpired_keys_active:30").expiredKeys())
                .hasValue(70);
        assertThat(serverStatus("expired_keys:100").expiredKeys()).hasValue(100);
        assertThat(serverStatus("role:master").expiredKeys()).isEmpty();
    }

    @Test
    void obstacle_failoverInProgress_isReported() {
        assertThat(serverStatus("master_failover_state:waiting-for-sync").obstacle())
                .hasValueSatisfying(obstacle -> assertThat(obstacle).contains("failover"));
        assertThat(serverStatus("master_failover_state:no-failover").obstacle()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // A promoted replica remembers the id of its last primary.
        "a, master_replid:b|master_replid2:c, true",
        "a, master_replid:a|master_replid2:c, false",
        // A first replica has connected, or the last replica has been disconnected for long.
        "a, master_replid:b|master_replid2:0000, false",
        "a, master_replid:b, false",
        "'', master_replid:b|master_replid2:c, false"
    })
    void wasReplicaSince_replicationIds_showPromotion(String earlierId, String info, boolean expected) {
        assertThat(serverStatus(info.replace('|', '\n')).wasReplicaSince(earlierId))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "master_replid2:a|second_repl_offset:501, true",
        // The replica was behind when it took over.
        "master_replid2:a|second_repl_offset:500, false",
        // The replica had followed another primary, or none.
        "master_replid2:c|second_repl_offset:501, false",
        "master_replid2:0000|second_repl_offset:-1, false",
        "redis_version:7.0.15, false"
    })
    void hasReceived_promotedReplica_isKnownByItsOffset(String info, boolean expected) {
        assertThat(serverStatus(info.replace('|', '\n')).hasReceived(new ReplicationPoint("a", 500)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // A former primary that has not yet followed another one, and one that has continued with its data.
        "master_replid:a|master_repl_offset:500, 500",
        "master_replid:b|master_repl_offset:700|master_replid2:a|second_repl_offset:501, 500",
        // A former primary that has loaded the data of another one.
        "master_replid:b|master_repl_offset:700|master_replid2:0000|second_repl_offset:-1, -1",
        "redis_version:7.0.15, -1"
    })
    void endOf_formerPrimary_isKnownUntilItLoadsOtherData(String info, long expected) {
        assertThat(serverStatus(info.replace('|', '\n')).endOf("a").orElse(-1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "aof_enabled:0|master_replid2:0000, true",
        "aof_enabled:0|master_replid2:a, false",
        // A lost end of the append-only file brings back the keys whose deletion it held.
        "aof_enabled:1|master_replid2:0000, false",
        "redis_version:7.0.15, false"
    })
    void hasLoadedWithoutDeadKeys_restart_isTrueForAPrimaryWithoutAppendOnlyFile(String info, boolean expected) {
        assertThat(serverStatus(info.replace('|', '\n')).hasLoadedWithoutDeadKeys())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"slave, true", "replica, true", "master, false", "active-replica, false"})
    void refusal_ofAReplica_knowsBothNamesOfTheRole(String role, boolean refused) {
        assertThat(serverStatus("role:" + role).refusal("h:1").isPresent()).isEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource({
        "redis_version:7.2.4|server_name:valkey|valkey_version:8.1.1, VALKEY, 8.1.1, false",
        "redis_version:8.0.2, REDIS, 8.0.2, false",
        "redis_version:3.2.12, REDIS, 3.2.12, true",
        "redis_version:10.0.0, REDIS, 10.0.0, false",
        "redis_version:7.2.4|redict_version:7.3.6, REDICT, 7.3.6, false",
        "redis_version:7.4.0|dragonfly_version:df-1, UNKNOWN, 7.4.0, false",
        "redis_version:6.3.4|mvcc_depth:0, UNKNOWN, 6.3.4, false",
        "redis_version:7.0.0|server_name:other, UNKNOWN, 7.0.0, false"
    })
    void identity_infoOfAnyProduct_isRecognised(String info, Flavour flavour, String version, boolean tooOld) {
        ServerIdentity identity = ServerIdentity.of(ServerInfo.parse(info.replace('|', '\n')));

        assertThat(identity).isEqualTo(new ServerIdentity(flavour, version));
        assertThat(identity.tooOld()).isEqualTo(tooOld);
    }

    @Test
    void keyspace_info_isReadByDatabase() {
        Keyspace keyspace = Keyspace.of(ServerInfo.parse(
                "# Keyspace\r\ndb0:keys=5,expires=2,avg_ttl=0\r\ndb12:keys=1,expires=1,avg_ttl=3,subexpiry=0"));
        assertThat(keyspace.keys()).containsEntry(0, 5L).containsEntry(12, 1L).hasSize(2);
        assertThat(keyspace.expires()).containsEntry(0, 2L).containsEntry(12, 1L);
    }

    @Test
    void keyspace_hashesWithExpiringFields_areCountedUnderTheNamesOfBothProducts() {
        assertThat(Keyspace.of(ServerInfo.parse("db0:keys=5,expires=0,avg_ttl=0,subexpiry=2\ndb1:keys=9,expires=1"
                                + ",avg_ttl=0,keys_with_volatile_items=3"))
                        .expirableHashes())
                .isEqualTo(5);
    }

    /** Returns the status that a server reports with the given fields of INFO. */
    private static ServerStatus serverStatus(String info) {
        return new ServerStatus(ServerInfo.parse(info));
    }
}
