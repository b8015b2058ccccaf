package io.keysweep.server.scan;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Creates that may be sent again, in SQL. */
@Repository
class IdempotencyStore {

    /** How long a create may be sent again. */
    static final Duration KEPT = Duration.ofHours(24);

    private final JdbcClient jdbc;

    IdempotencyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An earlier create.
     *
     * @param request SHA-256 of its body, hex
     * @param scanId the scan that it made
     */
    record Earlier(String request, UUID scanId) {}

    Optional<Earlier> find(String projectId, String key, Instant now) {
        return jdbc.sql("select request, scan_id from idempotency_key where project_id = :projectId and idem_key = :key"
                        + " and created_at > :oldest")
                .param("projectId", projectId)
                .param("key", key)
                .param("oldest", now.minus(KEPT).atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Earlier(row.getString("request"), row.getObject("scan_id", UUID.class)))
                .optional();
    }

    /**
     * Keeps a create, and lets go of those that are too old.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the same key comes in at the same time
     */
    void keep(String projectId, IdempotencyKey key, UUID scanId, Instant now) {
        jdbc.sql("delete from idempotency_key where created_at <= :oldest")
                .param("oldest", now.minus(KEPT).atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("insert into idempotency_key (project_id, idem_key, request, scan_id, created_at)"
                        + " values (:projectId, :key, :request, :scanId, :now)")
                .param("projectId", projectId)
                .param("key", key.key())
                .param("request", key.request())
                .param("scanId", scanId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }
}
