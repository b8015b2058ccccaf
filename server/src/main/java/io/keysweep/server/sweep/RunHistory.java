package io.keysweep.server.sweep;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the interrupted runs of sweeps. Users see them with the scan.
 *
 * <p>A sweep is the part of a scan that visits one primary. A run is the work of one worker on the sweep without a
 * break. A run is interrupted if its worker is lost or stopped, or if its server cannot be swept and is tried again
 * later. Another run then continues the sweep. Thread-safe.
 */
@Repository
public class RunHistory {

    /**
     * Describes an interrupted run of a sweep.
     *
     * @param key key of the sweep
     * @param run number of the run, 1 for the first run of the sweep
     * @param at when the interruption was recorded
     * @param worker id of the worker that did the run, or null if it is unknown
     * @param reason why the run was interrupted, in words for users
     */
    public record InterruptedRun(
            SweepKey key, int run, Instant at, @Nullable String worker, String reason) {}

    private final JdbcClient jdbc;

    RunHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the interrupted runs of several scans by scan id, the earliest first. A scan without interruptions is not
     * in the map.
     */
    public Map<UUID, List<InterruptedRun>> interruptions(Collection<UUID> scanIds) {
        Map<UUID, List<InterruptedRun>> interruptions = new HashMap<>();
        if (!scanIds.isEmpty()) {
            jdbc.sql("select * from sweep_interruption where scan_id in (:ids)"
                            + " order by interrupted_at, round, node_id, run")
                    .param("ids", scanIds)
                    .query((row, number) -> new InterruptedRun(
                            new SweepKey(
                                    row.getObject("scan_id", UUID.class),
                                    row.getInt("round"),
                                    row.getString("node_id")),
                            row.getInt("run"),
                            row.getObject("interrupted_at", OffsetDateTime.class)
                                    .toInstant(),
                            row.getString("worker_id"),
                            row.getString("reason")))
                    .list()
                    .forEach(interruption -> interruptions
                            .computeIfAbsent(interruption.key().scanId(), id -> new ArrayList<>())
                            .add(interruption));
        }
        return interruptions;
    }
}
