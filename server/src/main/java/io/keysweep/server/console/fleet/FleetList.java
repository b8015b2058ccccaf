package io.keysweep.server.console.fleet;

import io.keysweep.api.ScanView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.instance.InstanceObservation;
import io.keysweep.server.instance.InstanceTags;
import io.keysweep.server.scan.ScanState;
import io.keysweep.server.trend.TrendPoint;
import io.keysweep.server.trend.Trends;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the instances that a caller may list for the overview, with their health, backlog (number of dead keys) and
 * reclaimed keys.
 *
 * <p>The number of queries does not depend on the number of instances, and no secret is read. The class reads tables
 * that belong to other packages, and writes to no table. Thread-safe.
 */
@Repository
class FleetList {

    /**
     * The number of days of the longer sum of reclaimed keys and of the chart of a row. It is also the greatest age of
     * a backlog.
     */
    static final int MONTH = 30;

    /** All instances with their newest scan; the id decides between scans of the same millisecond. */
    private static final String INSTANCES = """
            select instance.id, instance.name, instance.uri, instance.tags, instance.flavour, instance.version,
                instance.used_memory, instance.max_memory, instance.key_count, instance.ttl_key_count,
                instance.shards, instance.replicas, instance.problem, instance.checked_at, scan.id as scan_id, scan.state as scan_state, scan.created_at as scan_created_at
            from instance left join scan on scan.id = (
                select newest.id from scan newest where newest.instance_id = instance.id
                order by newest.created_at desc, newest.id desc limit 1)
            where instance.project_id = :projectId
            """;

    private final JdbcClient jdbc;
    private final Trends trends;
    private final InstanceAccess instances;

    FleetList(JdbcClient jdbc, Trends trends, InstanceAccess instances) {
        this.jdbc = jdbc;
        this.trends = trends;
        this.instances = instances;
    }

    /**
     * Returns all instances that a caller may list, in any order. The row of an instance whose scans the caller is not
     * allowed to see contains nothing about scans.
     *
     * @param active views of the active scans that the caller may see, by scan id. They show whether a scan is held
     */
    List<FleetRow> all(Caller caller, Map<String, ScanView> active) {
        String projectId = caller.projectId();
        Optional<Set<UUID>> listableIds = instances.ids(caller, Action.LIST_INSTANCES);
        Optional<Set<UUID>> idsWithVisibleScans = instances.ids(caller, Action.LIST_SCANS);
        Map<UUID, Long> day = trends.reclaimedByInstance(projectId, 1);
        Map<UUID, Long> month = trends.reclaimedByInstance(projectId, MONTH);
        Map<UUID, TrendPoint> backlogs = trends.latestBacklogs(projectId, MONTH);
        return jdbc
                .sql(INSTANCES)
                .param("projectId", projectId)
                .query((row, number) -> {
                    UUID id = row.getObject("id", UUID.class);
                    boolean withScans = contains(idsWithVisibleScans, id);
                    return readRow(row, active, withScans, day.get(id), month.get(id), backlogs.get(id));
                })
                .list()
                .stream()
                .filter(row -> contains(listableIds, row.id()))
                .toList();
    }

    /** Returns whether a set of instances contains an id; an empty optional stands for all instances. */
    private static boolean contains(Optional<Set<UUID>> ids, UUID id) {
        return ids.isEmpty() || ids.get().contains(id);
    }

    /** Reads an instance from a row of {@link #INSTANCES}, and joins it with its figures. */
    private static FleetRow readRow(
            ResultSet row,
            Map<String, ScanView> active,
            boolean withScans,
            @Nullable Long day,
            @Nullable Long month,
            @Nullable TrendPoint backlog)
            throws SQLException {
        Instant scannedAt = withScans ? instant(row, "scan_created_at") : null;
        String state = withScans ? row.getString("scan_state") : null;
        // A scan that was created after the estimate and has succeeded has reclaimed that backlog.
        boolean isReclaimed = ScanState.SUCCESS.wireName().equals(row.getString("scan_state"))
                && backlog != null
                && backlog.at().isBefore(Objects.requireNonNull(instant(row, "scan_created_at")));
        TrendPoint remainingBacklog = isReclaimed ? null : backlog;
        InstanceObservation observation = observation(row);
        return new FleetRow(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("uri"),
                InstanceTags.ofJson(row.getString("tags")),
                observation,
                health(observation, state, active.get(String.valueOf(row.getObject("scan_id")))),
                scannedAt,
                remainingBacklog == null ? null : remainingBacklog.deadKeys(),
                remainingBacklog == null ? null : remainingBacklog.deadBytes(),
                day == null || !withScans ? 0 : day,
                month == null || !withScans ? 0 : month);
    }

    /**
     * Returns the health of an instance.
     *
     * @param state stored state of the newest scan; null if there is none
     * @param active view of the newest scan if it is active; null if it has ended
     */
    static FleetRow.Health health(
            @Nullable InstanceObservation observation, @Nullable String state, @Nullable ScanView active) {
        if (observation != null && observation.problem() != null) {
            return FleetRow.Health.PROBLEM;
        }
        if (active != null) {
            return switch (active.state()) {
                case "held", "paused" -> FleetRow.Health.HELD;
                case "waiting" -> FleetRow.Health.WAITING;
                default -> FleetRow.Health.RUNNING;
            };
        }
        if (state == null) {
            return FleetRow.Health.NEW;
        }
        return switch (state) {
            case "failed" -> FleetRow.Health.FAILED;
            case "success" -> FleetRow.Health.OK;
            case "running" -> FleetRow.Health.RUNNING;
            default -> FleetRow.Health.WAITING;
        };
    }

    private static @Nullable InstanceObservation observation(ResultSet row) throws SQLException {
        Instant checkedAt = instant(row, "checked_at");
        return checkedAt == null
                ? null
                : new InstanceObservation(
                        row.getString("flavour"),
                        row.getString("version"),
                        row.getObject("used_memory", Long.class),
                        row.getObject("max_memory", Long.class),
                        row.getObject("key_count", Long.class),
                        row.getObject("ttl_key_count", Long.class),
                        row.getObject("shards", Integer.class),
                        row.getObject("replicas", Integer.class),
                        row.getString("problem"),
                        checkedAt);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
