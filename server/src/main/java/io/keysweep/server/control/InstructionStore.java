package io.keysweep.server.control;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the instructions of scans. They say whether and how fast the sweeps of a scan may run. A sweep is the part of a
 * scan that visits one primary.
 *
 * <p>The instructions of a scan are in its row of {@code scan}, which the package {@code server.scan} writes, and in
 * the rows of {@code hold} for its project and for all projects. Thread-safe.
 */
@Repository
public class InstructionStore {

    private final JdbcClient jdbc;

    public InstructionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the instructions of several scans by scan id, with one query at most. A scan that does not exist is not
     * in the map. A scan that has ended is in the map, as not {@code active}.
     */
    public Map<UUID, ScanInstructions> of(Collection<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return Map.of();
        }
        return select("scan.id in (:ids)", Map.of("ids", scanIds));
    }

    /**
     * Returns the instructions of the active scans of a project by scan id.
     *
     * @param instanceId only scans of this instance, or null for all instances of the project
     */
    public Map<UUID, ScanInstructions> ofActive(String projectId, @Nullable UUID instanceId) {
        Map<String, Object> params = new HashMap<>(Map.of("project", projectId));
        if (instanceId != null) {
            params.put("instance", instanceId);
        }
        return select(
                "scan.active_instance_id is not null and instance.project_id = :project"
                        + (instanceId == null ? "" : " and instance.id = :instance"),
                params);
    }

    /**
     * Returns the instructions of the scans that an SQL condition selects, by scan id.
     *
     * @param condition SQL condition on the tables {@code scan} and {@code instance}, with named parameters
     * @param params values of the parameters in {@code condition}
     */
    private Map<UUID, ScanInstructions> select(String condition, Map<String, ?> params) {
        // This query selects each scan with the hold of its project ("own") and the hold of all projects
        // ("everything"), if there are any.
        return jdbc
                .sql("""
                        select scan.*, instance.assist as instance_assist,
                            own.held_by as project_by, own.held_why as project_why, own.held_at as project_at,
                            everything.held_by as all_by, everything.held_why as all_why, everything.held_at as all_at
                        from scan
                            join instance on instance.id = scan.instance_id
                            left join hold own on own.scope = instance.project_id
                            left join hold everything on everything.scope = :everything
                        where\s""" + condition)
                .param("everything", HoldStore.EVERYTHING)
                .params(params)
                .query((row, number) -> instructions(row))
                .list()
                .stream()
                .collect(Collectors.toMap(ScanInstructions::scanId, Function.identity()));
    }

    /** Returns the instructions of a scan; empty if it does not exist. */
    public Optional<ScanInstructions> find(UUID scanId) {
        return Optional.ofNullable(of(List.of(scanId)).get(scanId));
    }

    private static ScanInstructions instructions(ResultSet row) throws SQLException {
        OffsetDateTime startedAt = row.getObject("started_at", OffsetDateTime.class);
        return new ScanInstructions(
                row.getObject("id", UUID.class),
                row.getObject("instance_id", UUID.class),
                row.getString("scan_type").equals("auto"),
                // The column is set while the scan waits or runs. It is unique, so an instance has one active scan at
                // most.
                row.getObject("active_instance_id", UUID.class) != null,
                row.getInt("control_version"),
                // A text such as "paused" begins the names of the columns paused_by, paused_why and paused_at.
                Intervention.of(row, "paused"),
                Intervention.of(row, "project"),
                Intervention.of(row, "all"),
                Intervention.of(row, "cancelled"),
                PaceChoice.of(row),
                Intervention.of(row, "tuned"),
                row.getString("approved_by") != null,
                AssistMode.ofWireName(row.getString("assist")).orElse(AssistMode.NONE),
                row.getObject("instance_assist", Boolean.class),
                startedAt == null ? null : startedAt.toInstant().plusSeconds(row.getLong("timeout_seconds")));
    }
}
