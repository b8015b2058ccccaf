package io.keysweep.server.cliff;

import io.keysweep.server.instance.InstanceMoved;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the known cliffs of each instance in the table {@code instance_cliff}. A cliff is a time in which far more
 * keys die (reach the end of their TTL) than around it. Thread-safe.
 */
@Repository
class CliffStore {

    private final JdbcClient jdbc;

    CliffStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the known cliffs of an instance, in the order of time. */
    List<KnownCliff> find(UUID instanceId) {
        return jdbc.sql("select * from instance_cliff where instance_id = :instanceId order by begins_at")
                .param("instanceId", instanceId)
                .query((row, number) -> cliff(row))
                .list();
    }

    /** Replaces the known cliffs of an instance. Call it in a transaction that has locked the instance. */
    void replace(UUID instanceId, List<KnownCliff> cliffs) {
        remove(instanceId);
        for (KnownCliff cliff : cliffs) {
            jdbc.sql("insert into instance_cliff (instance_id, begins_at, ends_at, backlog, expected)"
                            + " values (:instanceId, :from, :until, :backlog, :expected)")
                    .param("instanceId", instanceId)
                    .param("from", utc(cliff.from()))
                    .param("until", utc(cliff.until()))
                    .param("backlog", cliff.backlog())
                    .param("expected", cliff.expected())
                    .update();
        }
    }

    /**
     * Removes the known cliffs of an instance that has moved to another server, in the transaction of the move. A known
     * cliff would otherwise keep a cliff of the new server at the same time from being announced.
     */
    @EventListener
    public void onInstanceMoved(InstanceMoved event) {
        remove(event.instanceId());
    }

    private void remove(UUID instanceId) {
        jdbc.sql("delete from instance_cliff where instance_id = :instanceId")
                .param("instanceId", instanceId)
                .update();
    }

    private static KnownCliff cliff(ResultSet row) throws SQLException {
        return new KnownCliff(
                row.getObject("begins_at", OffsetDateTime.class).toInstant(),
                row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                row.getLong("backlog"),
                row.getBoolean("expected"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
