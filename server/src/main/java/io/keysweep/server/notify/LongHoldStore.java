package io.keysweep.server.notify;

import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores when the holds of scans began, and which webhooks have had a notice of a hold, for {@link LongHoldNotices}.
 *
 * <p>A scan on hold visits no keys for a while, for example because it is paused. The table {@code scan_held} has a row
 * for each hold, and {@code webhook_held} a row for each webhook that has had a notice of a hold. The database deletes
 * the rows of {@code webhook_held} together with the row of the hold.
 */
@Repository
class LongHoldStore {

    private final JdbcClient jdbc;

    LongHoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the ids of the active scans of projects that have a webhook for {@code scan.held}. */
    List<UUID> watchedScans() {
        // Only active scans have an active_instance_id.
        return jdbc.sql("""
                        select scan.id from scan join instance on instance.id = scan.active_instance_id
                        where exists (select 1 from webhook where webhook.project_id = instance.project_id and
                        """ + NoticeAudience.IS_SUBSCRIBED + ")")
                .param("event", NoticeAudience.eventPattern(NoticeType.SCAN_HELD))
                .query((row, number) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Returns when the stored holds began, by scan id. */
    Map<UUID, Instant> heldSince() {
        Map<UUID, Instant> heldSince = new HashMap<>();
        jdbc.sql("select scan_id, held_since from scan_held").query((ResultSet row) -> {
            heldSince.put(
                    row.getObject(1, UUID.class),
                    row.getObject(2, OffsetDateTime.class).toInstant());
        });
        return heldSince;
    }

    /** Records that a hold of a scan begins now. Does nothing if the scan was deleted in the meantime. */
    void insertHold(UUID scanId, Instant now) {
        // With "select … from scan", a scan that was deleted in the meantime adds no row and causes no error. The cast
        // is necessary because PostgreSQL cannot derive the type of a parameter in a select list.
        jdbc.sql("insert into scan_held (scan_id, held_since) select id, cast(:now as timestamp(3) with time zone)"
                        + " from scan where id = :scanId")
                .param("scanId", scanId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * Records that a scan is no longer on hold. The database also deletes the records of webhooks that have had a
     * notice of the hold. These webhooks can then get a notice of the next hold.
     */
    void deleteHold(UUID scanId) {
        jdbc.sql("delete from scan_held where scan_id = :scanId")
                .param("scanId", scanId)
                .update();
    }

    /**
     * Returns the webhooks that must get a notice of a hold: they receive {@code scan.held}, the hold has reached their
     * threshold, and they have had no notice of it. Returns empty if there are none.
     *
     * @param holdTime how long the scan has been on hold; parts of a second are ignored
     */
    Optional<NoticeAudience> audience(UUID scanId, UUID instanceId, Duration holdTime) {
        return NoticeAudience.query(jdbc.sql(NoticeAudience.SELECT_SUBSCRIBED + """
                         and held_seconds <= :held and not exists (select 1 from webhook_held
                            where webhook_held.webhook_id = webhook.id and webhook_held.scan_id = :scanId)
                        """)
                .param("instanceId", instanceId)
                .param("event", NoticeAudience.eventPattern(NoticeType.SCAN_HELD))
                .param("held", holdTime.toSeconds())
                .param("scanId", scanId));
    }

    /**
     * Records that webhooks have had their notice of the scan's current hold. Must run in the transaction that writes
     * the notices.
     */
    void markNotified(UUID scanId, List<UUID> webhooks) {
        for (UUID webhook : webhooks) {
            jdbc.sql("insert into webhook_held (webhook_id, scan_id) values (:webhookId, :scanId)")
                    .param("webhookId", webhook)
                    .param("scanId", scanId)
                    .update();
        }
    }
}
