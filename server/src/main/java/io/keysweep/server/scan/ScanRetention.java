package io.keysweep.server.scan;

import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Deletes ended scans that are too old, and the oldest scans of an instance that has too many.
 *
 * <p>Scans that wait or run are kept. The last ended scan of each instance is also kept, however old it is, so that an
 * instance always shows its last result. Foreign keys delete the sweeps, the timeline and everything else that belongs
 * to a scan together with it.
 */
@Component
public class ScanRetention implements RetentionRule {

    /**
     * Deletes a batch of scans that ended before {@code :before}, the oldest first. A scan is deleted only if its
     * instance has a scan that ended later; the id decides between scans that ended at the same time.
     */
    private static final String DELETE_OLD = """
            delete from scan where id in (
                select old.id from scan old
                where old.finished_at < :before and exists (
                    select 1 from scan newer
                    where newer.instance_id = old.instance_id and newer.finished_at is not null
                        and (newer.finished_at > old.finished_at
                            or newer.finished_at = old.finished_at and newer.id > old.id))
                order by old.finished_at limit :batch)
            """;

    /**
     * Deletes a batch of the ended scans of an instance, except for the newest {@code :max}. The settings allow no
     * {@code :max} below 1, so the last ended scan is also kept here.
     */
    private static final String DELETE_EXCESS = """
            delete from scan where id in (
                select id from scan where instance_id = :instanceId and finished_at is not null
                order by finished_at desc, id desc limit :batch offset :max)
            """;

    private final JdbcClient jdbc;

    public ScanRetention(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String subject() {
        return "scans";
    }

    @Override
    public int purge(Instant before, int maxPerInstance) {
        int removedRows = BatchedDelete.run(size -> jdbc.sql(DELETE_OLD)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("batch", size)
                .update());
        List<UUID> instancesWithTooMany = jdbc.sql("select instance_id from scan where finished_at is not null"
                        + " group by instance_id having count(*) > :max")
                .param("max", maxPerInstance)
                .query((row, number) -> row.getObject("instance_id", UUID.class))
                .list();
        for (UUID instanceId : instancesWithTooMany) {
            removedRows += BatchedDelete.run(size -> jdbc.sql(DELETE_EXCESS)
                    .param("instanceId", instanceId)
                    .param("batch", size)
                    .param("max", maxPerInstance)
                    .update());
        }
        return removedRows;
    }
}
