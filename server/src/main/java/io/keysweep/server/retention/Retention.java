package io.keysweep.server.retention;

import io.keysweep.server.config.ServiceSettings;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Removes what is older than the settings allow or more than they allow an instance: scans that have ended, what
 * became of starts, and deliveries to webhooks that have ended (by age only). Never a scan that is active, nor the newest one of an instance that has ended. In small batches, each a
 * transaction of its own, so that nobody waits for it.
 */
@Repository
class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final ServiceSettings settings;
    private final InstantSource clock;

    Retention(JdbcClient jdbc, ServiceSettings settings, InstantSource clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** Removes all that is due, and tells how many scans that were. */
    int run() {
        int scans = old("""
                delete from scan where id in (
                    select old.id from scan old
                    where old.finished_at < :before and exists (
                        select 1 from scan newer
                        where newer.instance_id = old.instance_id and newer.finished_at is not null
                            and (newer.finished_at > old.finished_at
                                or newer.finished_at = old.finished_at and newer.id > old.id))
                    order by old.finished_at limit :batch)
                """) + tooMany("scan", "finished_at");
        int starts = old("""
                delete from autoscan_start where id in (
                    select id from autoscan_start where decided_at < :before order by decided_at limit :batch)
                """) + tooMany("autoscan_start", "decided_at");
        int deliveries = old("""
                delete from webhook_delivery where id in (
                    select id from webhook_delivery where finished_at < :before order by finished_at limit :batch)
                """);
        if (scans + starts + deliveries > 0) {
            LOG.info(
                    "Retention: {} scans, {} records of starts and {} deliveries to webhooks removed",
                    scans,
                    starts,
                    deliveries);
        }
        return scans;
    }

    private int old(String delete) {
        OffsetDateTime before = clock.instant().minus(settings.retentionAge()).atOffset(ZoneOffset.UTC);
        int removed = 0;
        int batch;
        do {
            batch = jdbc.sql(delete)
                    .param("before", before)
                    .param("batch", BATCH)
                    .update();
            removed += batch;
        } while (batch == BATCH);
        return removed;
    }

    /** Keeps the newest of each instance. */
    private int tooMany(String table, String time) {
        List<UUID> instances = jdbc.sql("select instance_id from " + table + " where " + time
                        + " is not null group by instance_id having count(*) > :most")
                .param("most", settings.retentionScans())
                .query((row, number) -> row.getObject("instance_id", UUID.class))
                .list();
        String delete = "delete from " + table + " where id in (select id from " + table
                + " where instance_id = :instanceId and " + time + " is not null order by " + time
                + " desc, id desc limit :batch offset :most)";
        int removed = 0;
        for (UUID instance : instances) {
            int batch;
            do {
                batch = jdbc.sql(delete)
                        .param("instanceId", instance)
                        .param("batch", BATCH)
                        .param("most", settings.retentionScans())
                        .update();
                removed += batch;
            } while (batch == BATCH);
        }
        return removed;
    }
}
