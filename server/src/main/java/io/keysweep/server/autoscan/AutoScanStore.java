package io.keysweep.server.autoscan;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads and writes the schedules of instances in the table {@code autoscan}, which has one row per instance.
 *
 * <p>A schedule says when automatic scans start, see {@link AutoScanConfig}. When a schedule is removed, its row is
 * kept without values, so that a schedule that is set again later continues with the next version. Otherwise the new
 * schedule could have the version of an earlier schedule, and would share its execution (the entry in db-scheduler that
 * starts the scans).
 */
@Repository
class AutoScanStore {

    private final JdbcClient jdbc;

    AutoScanStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the configuration of an instance, without values if it was removed; empty if none was ever set. */
    Optional<AutoScanConfig> find(UUID instanceId) {
        return jdbc.sql("select * from autoscan where instance_id = :instanceId")
                .param("instanceId", instanceId)
                .query((row, number) -> config(row))
                .optional();
    }

    /** Returns the configurations of several instances, in no particular order. An instance without one is left out. */
    List<AutoScanConfig> find(Collection<UUID> instanceIds) {
        return instanceIds.isEmpty()
                ? List.of()
                : jdbc.sql("select * from autoscan where instance_id in (:ids)")
                        .param("ids", instanceIds)
                        .query((row, number) -> config(row))
                        .list();
    }

    /**
     * Stores a configuration. Its version must be 1 for a new row, or else 1 above the stored version. The caller must
     * have locked the row of the instance, because a version that does not fit is not reported.
     */
    void save(AutoScanConfig config) {
        // The condition on the version keeps a writer from replacing a configuration that it has not read.
        String update = """
                update autoscan set enabled = :enabled, first_scan_at = :firstScanAt, interval_seconds = :interval,
                    timeout_seconds = :timeout, scan_keys_count = :scanKeysCount, version = :version,
                    last_due = :lastDue, updated_at = :updatedAt
                where instance_id = :instanceId and version = :version - 1
                """;
        String insert = """
                insert into autoscan (instance_id, enabled, first_scan_at, interval_seconds, timeout_seconds,
                    scan_keys_count, version, last_due, updated_at)
                values (:instanceId, :enabled, :firstScanAt, :interval, :timeout, :scanKeysCount, :version, :lastDue,
                    :updatedAt)
                """;
        jdbc.sql(config.version() == 1 ? insert : update)
                .param("instanceId", config.instanceId())
                .param("enabled", config.enabled())
                .param("firstScanAt", utc(config.firstScanAt()))
                .param("interval", seconds(config.interval()))
                .param("timeout", seconds(config.timeout()))
                .param("scanKeysCount", config.scanKeysCount())
                .param("version", config.version())
                .param("lastDue", utc(config.lastDue()))
                .param("updatedAt", utc(config.updatedAt()))
                .update();
    }

    /**
     * Claims a due start, by storing its due time: the caller then starts a scan, or skips the start.
     *
     * @param due when the start was due, without the delay by which the spread distributes the starts of instances
     * @return false if this start or a later one was claimed before, or if the configuration has changed or no longer
     *     exists
     */
    boolean claimStart(AutoScanConfig config, Instant due) {
        // The update matches only this version of the configuration, and only if no later start is recorded.
        return jdbc.sql("""
                        update autoscan set last_due = :due
                        where instance_id = :instanceId and version = :version and (last_due is null or last_due < :due)
                        """)
                        .param("due", utc(due))
                        .param("instanceId", config.instanceId())
                        .param("version", config.version())
                        .update()
                == 1;
    }

    /**
     * Returns the enabled configurations of a project.
     *
     * @param instanceId the only instance whose configuration is returned, or null for all instances of the project
     */
    List<AutoScanConfig> findEnabled(String projectId, @Nullable UUID instanceId) {
        return jdbc.sql("""
                        select autoscan.* from autoscan join instance on instance.id = autoscan.instance_id
                        where autoscan.enabled and instance.project_id = :projectId
                            and instance.id = coalesce(:instanceId, instance.id)
                        order by autoscan.instance_id
                        """)
                .param("projectId", projectId)
                .param("instanceId", instanceId)
                .query((row, number) -> config(row))
                .list();
    }

    private static AutoScanConfig config(ResultSet row) throws SQLException {
        return new AutoScanConfig(
                row.getObject("instance_id", UUID.class),
                row.getBoolean("enabled"),
                instant(row, "first_scan_at"),
                duration(row, "interval_seconds"),
                duration(row, "timeout_seconds"),
                row.getObject("scan_keys_count", Integer.class),
                row.getInt("version"),
                instant(row, "last_due"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
        Long seconds = row.getObject(column, Long.class);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toSeconds();
    }
}
