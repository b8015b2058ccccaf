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

/** Stores in SQL since when scans are on hold, and which webhooks have had a notice of that. */
@Repository
class LongHoldStore {

    private final JdbcClient jdbc;

    LongHoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the active scans of projects that have a webhook for {@code scan.held}. */
    List<UUID> watchedScans() {
        return jdbc.sql("""
                        select scan.id from scan join instance on instance.id = scan.active_instance_id
                        where exists (select 1 from webhook where webhook.project_id = instance.project_id and
                        """ + NoticeAudience.IS_SUBSCRIBED + ")")
                .param("event", NoticeAudience.eventPattern(NoticeType.SCAN_HELD))
                .query((row, number) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Returns the scans that the last check found on hold, and since when they are. */
    Map<UUID, Instant> heldSince() {
        Map<UUID, Instant> heldSince = new HashMap<>();
        jdbc.sql("select scan_id, held_since from scan_held").query((ResultSet row) -> {
            heldSince.put(
                    row.getObject(1, UUID.class),
                    row.getObject(2, OffsetDateTime.class).toInstant());
        });
        return heldSince;
    }

    /** Records that a scan is on hold since now. Does nothing if the scan was deleted in the meantime. */
    void insertHold(UUID scanId, Instant now) {
        jdbc.sql("insert into scan_held (scan_id, held_since) select id, cast(:now as timestamp(3) with time zone)"
                        + " from scan where id = :scanId")
                .param("scanId", scanId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void deleteHold(UUID scanId) {
        jdbc.sql("delete from scan_held where scan_id = :scanId")
                .param("scanId", scanId)
                .update();
    }

    /** Returns the webhooks whose threshold the hold has reached and that have had no notice of the hold yet. */
    Optional<NoticeAudience> audience(UUID scanId, UUID instanceId, Duration held) {
        return NoticeAudience.query(jdbc.sql(NoticeAudience.SELECT_SUBSCRIBED + """
                         and held_seconds <= :held and not exists (select 1 from webhook_held
                            where webhook_held.webhook_id = webhook.id and webhook_held.scan_id = :scanId)
                        """)
                .param("instanceId", instanceId)
                .param("event", NoticeAudience.eventPattern(NoticeType.SCAN_HELD))
                .param("held", held.toSeconds())
                .param("scanId", scanId));
    }

    /** Records that these webhooks have had their notice of the scan's hold. */
    void markNotified(UUID scanId, List<UUID> webhooks) {
        for (UUID webhook : webhooks) {
            jdbc.sql("insert into webhook_held (webhook_id, scan_id) values (:webhookId, :scanId)")
                    .param("webhookId", webhook)
                    .param("scanId", scanId)
                    .update();
        }
    }
}
