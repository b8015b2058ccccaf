package io.keysweep.server.autoscan;

import io.keysweep.server.instance.InstanceStore;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores how many keys each primary had evicted at the last memory check, in the table {@code memory_watch}.
 *
 * <p>A server evicts keys that are still valid when its memory is full. In a memory check, {@link LowMemoryStarter}
 * reads the memory of all primaries of an instance. It compares the counts of two checks to find out whether a server
 * has evicted keys between them.
 */
@Repository
class EvictionStore {

    /**
     * Contains the eviction count of one primary at one memory check.
     *
     * @param nodeId the primary
     * @param runId the id of the server process ({@code run_id} of INFO); the count starts again at 0 with each process
     * @param evictedKeys the number of keys that the process has evicted since it started
     * @param seenAt when the count was read
     */
    record Evictions(String nodeId, String runId, long evictedKeys, Instant seenAt) {

        /**
         * Returns whether both counts are of the same server process. Only then is their difference a number of keys.
         */
        boolean isOfSameProcess(Evictions other) {
            return nodeId.equals(other.nodeId) && runId.equals(other.runId);
        }
    }

    private final JdbcClient jdbc;
    private final InstanceStore instances;

    EvictionStore(JdbcClient jdbc, InstanceStore instances) {
        this.jdbc = jdbc;
        this.instances = instances;
    }

    /** Returns the counts of the last check of an instance, in no particular order; empty before the first check. */
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

    /**
     * Replaces all counts of an instance, so that primaries that no longer exist disappear. Does nothing if the
     * instance was removed in the meantime.
     */
    @Transactional
    public void save(UUID instanceId, List<Evictions> counts) {
        // The row of the instance is locked before its counts, as when an instance is removed. In the opposite order,
        // the two transactions could wait for each other.
        if (!instances.lock(instanceId)) {
            return;
        }
        jdbc.sql("delete from memory_watch where instance_id = :instanceId")
                .param("instanceId", instanceId)
                .update();
        for (Evictions evictions : counts) {
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
