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

/** Since when scans are on hold, and who was told, in SQL. */
@Repository
class LongHoldStore {

    private final JdbcClient jdbc;

    LongHoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The active scans of which somebody wants to be told when they are on hold for long. */
    List<UUID> watched() {
        return jdbc.sql("""
                        select scan.id from scan join instance on instance.id = scan.active_instance_id
                        where exists (select 1 from webhook where webhook.project_id = instance.project_id and
                        """ + NoticeAudience.IS_TOLD + ")")
                .param("event", NoticeAudience.pattern(NoticeType.SCAN_HELD))
                .query((row, number) -> row.getObject(1, UUID.class))
                .list();
    }

    /** The scans that were seen on hold, and since when. */
    Map<UUID, Instant> seen() {
        Map<UUID, Instant> seen = new HashMap<>();
        jdbc.sql("select scan_id, held_since from scan_held").query((ResultSet row) -> {
            seen.put(
                    row.getObject(1, UUID.class),
                    row.getObject(2, OffsetDateTime.class).toInstant());
        });
        return seen;
    }

    void begin(UUID scanId, Instant now) {
        jdbc.sql("insert into scan_held (scan_id, held_since) select id, cast(:now as timestamp(3) with time zone)"
                        + " from scan where id = :scanId")
                .param("scanId", scanId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void end(UUID scanId) {
        jdbc.sql("delete from scan_held where scan_id = :scanId")
                .param("scanId", scanId)
                .update();
    }

    /** Who is to be told of a hold that has lasted so long, and was not yet; empty if nobody is. */
    Optional<NoticeAudience> audience(UUID scanId, UUID instanceId, Duration held) {
        return NoticeAudience.of(jdbc.sql(NoticeAudience.SELECT + """
                         and held_seconds <= :held and not exists (select 1 from webhook_held
                            where webhook_held.webhook_id = webhook.id and webhook_held.scan_id = :scanId)
                        """)
                .param("instanceId", instanceId)
                .param("event", NoticeAudience.pattern(NoticeType.SCAN_HELD))
                .param("held", held.toSeconds())
                .param("scanId", scanId));
    }

    void told(UUID scanId, List<UUID> webhooks) {
        for (UUID webhook : webhooks) {
            jdbc.sql("insert into webhook_held (webhook_id, scan_id) values (:webhookId, :scanId)")
                    .param("webhookId", webhook)
                    .param("scanId", scanId)
                    .update();
        }
    }
}
