package io.keysweep.server.autoscan;

import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Deletes the records of starts that are older than the retention allows, or more than it keeps for an instance.
 *
 * <p>A start records that an automatic scan was due, and whether it was started or skipped, see {@link Start}. Its age
 * begins at that decision.
 */
@Component
public class StartRetention implements RetentionRule {

    /** Deletes the oldest of the starts that were decided before a time, at most {@code :batch}. */
    private static final String DELETE_OLD = """
            delete from autoscan_start where id in (
                select id from autoscan_start where decided_at < :before order by decided_at limit :batch)
            """;

    /**
     * Deletes starts of an instance other than the newest {@code :max}, at most {@code :batch}. If times are equal, the
     * id decides which start is newer.
     */
    private static final String DELETE_EXCESS = """
            delete from autoscan_start where id in (
                select id from autoscan_start where instance_id = :instanceId
                order by decided_at desc, id desc limit :batch offset :max)
            """;

    private final JdbcClient jdbc;

    public StartRetention(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String subject() {
        return "records of starts";
    }

    @Override
    public int purge(Instant before, int maxPerInstance) {
        int removedRows = BatchedDelete.run(size -> jdbc.sql(DELETE_OLD)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("batch", size)
                .update());
        List<UUID> instancesWithExcess = jdbc.sql(
                        "select instance_id from autoscan_start group by instance_id having count(*) > :max")
                .param("max", maxPerInstance)
                .query((row, number) -> row.getObject("instance_id", UUID.class))
                .list();
        for (UUID instanceId : instancesWithExcess) {
            removedRows += BatchedDelete.run(size -> jdbc.sql(DELETE_EXCESS)
                    .param("instanceId", instanceId)
                    .param("batch", size)
                    .param("max", maxPerInstance)
                    .update());
        }
        return removedRows;
    }
}
