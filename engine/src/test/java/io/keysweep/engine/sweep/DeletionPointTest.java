package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.plan.ReplicationPoint;
import org.junit.jupiter.api.Test;

/**
 * Tests when it is certain that a server has all deletions of a sweep after a failover or a restart.
 *
 * <p>Each update names a status of the server, and the number of keys that the sweep had reclaimed by then.
 */
final class DeletionPointTest {

    private final DeletionPoint point = new DeletionPoint(/* checkpoint= */ null);

    @Test
    void after_keysReclaimedSinceTheReading_isUnknown() {
        point.update(primary("a", 500), 10);

        assertThat(point.after(10)).isEqualTo(new ReplicationPoint("a", 500));
        assertThat(point.after(11)).isNull();
        assertThat(isSurelyIn(promotedReplica("a", 9_999), 11)).isFalse();
    }

    @Test
    void update_nothingReclaimedSince_doesNotRequireTheWritesOfOthers() {
        point.update(primary("a", 500), 10);
        point.update(primary("a", 800), 10);

        assertThat(point.after(10)).isEqualTo(new ReplicationPoint("a", 500));
    }

    @Test
    void update_formerPrimaryIsAReplicaNow_learnsWhereItsHistoryEnds() {
        point.update(primary("a", 500), 10);
        point.update(status("role:slave\nmaster_replid:b\nmaster_replid2:a\nsecond_repl_offset:701"), 15);

        assertThat(point.after(15)).isEqualTo(new ReplicationPoint("a", 700));
        assertThat(isSurelyIn(promotedReplica("a", 701), 15)).isTrue();
        assertThat(isSurelyIn(promotedReplica("a", 700), 15)).isFalse();
    }

    @Test
    void update_formerPrimaryHasLoadedOtherData_provesNothing() {
        point.update(primary("a", 500), 10);
        point.update(status("role:slave\nmaster_replid:b\nmaster_replid2:0000\nsecond_repl_offset:-1"), 15);

        assertThat(point.after(15)).isNull();
    }

    @Test
    void isSurelyIn_restartedWithoutAppendOnlyFile_dependsOnTheAddress() {
        ServerStatus restartedServer = status("role:master\naof_enabled:0\nmaster_replid:b\nmaster_replid2:0000");

        assertThat(point.isSurelyIn(
                        restartedServer, /* otherProcess= */ true, /* sameAddress= */ true, /* reclaimedNow= */ 10))
                .isTrue();
        assertThat(point.isSurelyIn(
                        restartedServer, /* otherProcess= */ true, /* sameAddress= */ false, /* reclaimedNow= */ 10))
                .isFalse();
    }

    @Test
    void isSurelyIn_secondFailover_needsThePointInTheNewHistory() {
        point.update(primary("a", 500), 10);
        point.restart(primary("b", 600), 10);

        assertThat(isSurelyIn(promotedReplica("b", 601), 10)).isTrue();
        assertThat(isSurelyIn(promotedReplica("a", 601), 10)).isFalse();
    }

    /** Returns whether another process, at another address, surely has the deletions. */
    private boolean isSurelyIn(ServerStatus serverStatus, long reclaimed) {
        return point.isSurelyIn(serverStatus, /* otherProcess= */ true, /* sameAddress= */ false, reclaimed);
    }

    /** Returns a primary at a point of a replication history. */
    private static ServerStatus primary(String history, long offset) {
        return status("role:master\nmaster_replid:" + history + "\nmaster_repl_offset:" + offset);
    }

    /** Returns a former replica that has followed a history up to the byte before {@code firstOffset}. */
    private static ServerStatus promotedReplica(String history, long firstOffset) {
        return status("role:master\nmaster_replid:n\nmaster_repl_offset:99999\nmaster_replid2:" + history
                + "\nsecond_repl_offset:" + firstOffset);
    }

    /** Returns the status that a server reports with the given fields of INFO. */
    private static ServerStatus status(String info) {
        return new ServerStatus(ServerInfo.parse(info));
    }
}
