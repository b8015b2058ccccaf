package io.keysweep.server.autoscan;

import io.keysweep.engine.text.ForeignText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the starts of instances in the table {@code autoscan_start}, for {@code GET /api/v1/instances/{id}/starts}. A
 * start records that an automatic scan was due, and whether it was started or skipped. If a threshold was reached, the
 * store publishes a {@link ThresholdPassed}, which webhooks report.
 */
@Repository
class StartStore {

    /** Maximum length of the column {@code autoscan_start.reason} in characters. */
    private static final int MAX_REASON_LENGTH = 1000;

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;

    StartStore(JdbcClient jdbc, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    /**
     * Stores a start in the transaction of the caller, and publishes it as an event. Cuts a reason of more than 1000
     * characters.
     *
     * @param thresholdPassed whether a threshold of the start policy was reached; if true, a {@link ThresholdPassed} is
     *     also published
     */
    void add(Start start, boolean thresholdPassed) {
        String reason = ForeignText.beginning(start.reason(), MAX_REASON_LENGTH);
        jdbc.sql("""
                insert into autoscan_start (id, instance_id, due_at, decided_at, cause, outcome, reason, scan_id)
                values (:id, :instanceId, :dueAt, :decidedAt, :cause, :outcome, :reason, :scanId)
                """)
                .param("id", UUID.randomUUID())
                .param("instanceId", start.instanceId())
                .param("dueAt", utc(start.dueAt()))
                .param("decidedAt", utc(start.decidedAt()))
                .param("cause", start.cause().wireName())
                .param("outcome", start.outcome().wireName())
                .param("reason", reason)
                .param("scanId", start.scanId())
                .update();
        events.publishEvent(start);
        if (thresholdPassed) {
            events.publishEvent(ThresholdPassed.of(start, reason));
        }
    }

    /**
     * Returns a page of the starts of an instance, the latest first. The id orders starts of the same moment, so pages
     * never overlap.
     *
     * @param offset number of starts to skip
     * @param limit maximum number of starts on the page
     */
    List<Start> list(UUID instanceId, int offset, int limit) {
        return jdbc.sql("""
                        select * from autoscan_start where instance_id = :instanceId
                        order by decided_at desc, id limit :limit offset :offset
                        """)
                .param("instanceId", instanceId)
                .param("limit", limit)
                .param("offset", offset)
                .query((row, number) -> start(row))
                .list();
    }

    /** Returns when a scan for lack of memory was last started or skipped; empty for never. */
    Optional<Instant> lastMemoryDecision(UUID instanceId) {
        return jdbc.sql("select decided_at from autoscan_start where instance_id = :instanceId and cause = :cause"
                        + " order by decided_at desc limit 1")
                .param("instanceId", instanceId)
                .param("cause", Start.Cause.MEMORY.wireName())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    private static Start start(ResultSet row) throws SQLException {
        return new Start(
                row.getObject("instance_id", UUID.class),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                row.getObject("decided_at", OffsetDateTime.class).toInstant(),
                Start.Cause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
                Start.Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
                row.getString("reason"),
                row.getObject("scan_id", UUID.class));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }
}
