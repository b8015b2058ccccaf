package io.keysweep.server.autoscan;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What evictions count from, in SQL. Written by the one execution that watches memory. */
@Repository
class EvictionStore {

    /**
     * Evictions of one primary that are known.
     *
     * @param nodeId the primary
     * @param runId its process
     * @param evictedKeys keys that it had evicted
     * @param seenAt when
     */
    record Evictions(String nodeId, String runId, long evictedKeys, Instant seenAt) {

        /** Whether both are of one process, so that the one counts from the other. */
        boolean sameProcess(Evictions other) {
            return nodeId.equals(other.nodeId) && runId.equals(other.runId);
        }
    }

    private final JdbcClient jdbc;

    EvictionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Evictions> find(UUID instanceId) {
        return jdbc.sql("select * from memory_watch where instance_id = :instanceId")
                .param("instanceId", instanceId)
                .query((row, number) -> new Evictions(
                        row.getString("node_id"),
                        row.getString("run_id"),
                        row.getLong("evicted_keys"),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Stores what is known from now on, in place of all that was; in the caller's transaction. */
    void save(UUID instanceId, List<Evictions> all) {
        jdbc.sql("delete from memory_watch where instance_id = :instanceId")
                .param("instanceId", instanceId)
                .update();
        for (Evictions evictions : all) {
            jdbc.sql("""
                    insert into memory_watch (instance_id, node_id, run_id, evicted_keys, seen_at)
                    values (:instanceId, :nodeId, :runId, :evictedKeys, :seenAt)
                    """)
                    .param("instanceId", instanceId)
                    .param("nodeId", evictions.nodeId())
                    .param("runId", evictions.runId())
                    .param("evictedKeys", evictions.evictedKeys())
                    .param(
                            "seenAt",
                            evictions.seenAt().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                    .update();
        }
    }
}
