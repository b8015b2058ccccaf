package io.keysweep.server.autoscan;

import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.PaceChoice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the earlier passes of an instance for {@link BacklogStarter}.
 *
 * <p>{@code BacklogStarter} starts passes to keep the number of dead keys (expired keys that still hold memory) below a
 * target. Here, each successful scan that has visited the whole key space is treated as an earlier pass, whether {@code
 * BacklogStarter}, the schedule, low memory or a client has started it. A scan that only assists its servers (raises
 * their settings) visits no keys, so it is not a pass.
 *
 * <p>If a scan assists before it sweeps, the pass begins when assist ends. The keys that assist has reclaimed are
 * counted as well, because they have expired since the previous pass.
 */
@Repository
class PassStore {

    private final JdbcClient jdbc;
    private final ServiceSettings settings;

    PassStore(JdbcClient jdbc, ServiceSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /**
     * Returns the last successful scans of an instance, the latest first.
     *
     * @param limit maximum number of passes
     */
    List<Pass> latest(UUID instanceId, int limit) {
        // The query selects the successful scans, each with the pace that was chosen for it and the keys of all its
        // sweeps.
        return jdbc.sql("""
                        select coalesce(
                                (select max(ended_at) from sweep_assist where sweep_assist.scan_id = scan.id),
                                scan.started_at) as sweeping_since,
                            scan.finished_at, scan.profile, scan.stall_budget_us, scan.share, scan.rate_ceiling,
                            (select coalesce(sum(reclaimed), 0) from sweep where sweep.scan_id = scan.id)
                                + (select coalesce(sum(reclaimed), 0) from sweep_assist
                                    where sweep_assist.scan_id = scan.id) as reclaimed
                        from scan where instance_id = :instanceId and state = 'success' and assist <> 'only'
                        order by created_at desc, id desc limit :limit
                        """)
                .param("instanceId", instanceId)
                .param("limit", limit)
                .query((row, number) -> pass(row))
                .list();
    }

    /** Returns when the last failed scan of an instance ended; empty if none has ended after {@code moment}. */
    Optional<Instant> latestFailureAfter(UUID instanceId, Instant moment) {
        return jdbc.sql("""
                        select max(finished_at) from scan
                        where instance_id = :instanceId and state = 'failed' and finished_at > :moment
                        """)
                .param("instanceId", instanceId)
                .param("moment", moment.atOffset(ZoneOffset.UTC))
                .query((row, number) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
                .single()
                .map(OffsetDateTime::toInstant);
    }

    private Pass pass(ResultSet row) throws SQLException {
        // A scan may choose only parts of its pace. The other parts come from the settings.
        return new Pass(
                row.getObject("sweeping_since", OffsetDateTime.class).toInstant(),
                row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                PaceChoice.of(row).over(settings.pace()).shareCeiling(),
                row.getLong("reclaimed"));
    }
}
