package io.keysweep.server.autoscan;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What evictions count from, in SQL. Written by the one execution that watches memory. */
@Repository
class MemoryStore {

    /**
     * Evictions that are known.
     *
     * @param runId the server process
     * @param evictedKeys keys that it had evicted
     * @param seenAt when
     */
    record Evictions(String runId, long evictedKeys, Instant seenAt) {}

    private final JdbcClient jdbc;

    MemoryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Evictions> find(UUID instanceId) {
        return jdbc.sql("select * from memory_watch where instance_id = :instanceId")
                .param("instanceId", instanceId)
                .query((row, number) -> new Evictions(
                        row.getString("run_id"),
                        row.getLong("evicted_keys"),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    void save(UUID instanceId, Evictions evictions) {
        String update = "update memory_watch set run_id = :runId, evicted_keys = :evictedKeys, seen_at = :seenAt"
                + " where instance_id = :instanceId";
        String insert = "insert into memory_watch (instance_id, run_id, evicted_keys, seen_at)"
                + " values (:instanceId, :runId, :evictedKeys, :seenAt)";
        for (String sql : List.of(update, insert)) {
            int changed = jdbc.sql(sql)
                    .param("instanceId", instanceId)
                    .param("runId", evictions.runId())
                    .param("evictedKeys", evictions.evictedKeys())
                    .param(
                            "seenAt",
                            evictions.seenAt().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                    .update();
            if (changed == 1) {
                return;
            }
        }
    }
}
