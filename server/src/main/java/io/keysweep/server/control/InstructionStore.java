package io.keysweep.server.control;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What scans have been told, in SQL. Every change is one update that only an active scan takes. */
@Repository
public class InstructionStore {

    private static final String ACTIVE = " where id = :id and active_instance_id is not null";

    private final JdbcClient jdbc;

    InstructionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The orders of those scans, holds included, by one query. */
    public Map<UUID, ScanInstructions> of(Collection<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("""
                        select scan.*,
                            own.held_by as project_by, own.held_why as project_why, own.held_at as project_at,
                            everything.held_by as all_by, everything.held_why as all_why, everything.held_at as all_at
                        from scan
                            join instance on instance.id = scan.instance_id
                            left join hold own on own.scope = instance.project_id
                            left join hold everything on everything.scope = :everything
                        where scan.id in (:ids)
                        """)
                .param("everything", HoldStore.EVERYTHING)
                .param("ids", scanIds)
                .query((row, number) -> row(row))
                .list()
                .stream()
                .collect(Collectors.toMap(ScanInstructions::scanId, Function.identity()));
    }

    /** The orders of one scan. */
    public Optional<ScanInstructions> find(UUID scanId) {
        return Optional.ofNullable(of(List.of(scanId)).get(scanId));
    }

    /** Pauses an active scan, or changes by whom and why it is; false if it has ended. */
    public boolean pause(UUID id, Intervention intervention) {
        return asked("paused", id, intervention);
    }

    /** Ends the pause of an active scan; false if it has ended. */
    public boolean resume(UUID id) {
        return jdbc.sql("update scan set control_version = control_version + 1, paused_by = null, paused_why = null,"
                                + " paused_at = null" + ACTIVE)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Tells an active scan to end; false if it has ended. */
    public boolean cancel(UUID id, Intervention intervention) {
        return asked("cancelled", id, intervention);
    }

    /**
     * Changes the pace of an active scan.
     *
     * @param expected the version that the change was made for, or null for whatever it is
     * @return false if the scan has ended or its version is another
     */
    public boolean tune(UUID id, PaceChange change, @Nullable Integer expected, Intervention intervention) {
        List<String> sets = new ArrayList<>();
        Profile profile = change.profile();
        if (profile != null) {
            sets.add("profile = :profile");
        }
        if (profile != null || change.stallBudget() != null) {
            sets.add("stall_budget_us = :stallBudget");
        }
        if (profile != null || change.share() != null) {
            sets.add("share = :share");
        }
        if (change.rateCeiling() != null || change.withoutRateCeiling()) {
            sets.add("rate_ceiling = :rateCeiling");
        }
        Duration stallBudget = change.stallBudget();
        return jdbc.sql("update scan set control_version = control_version + 1, tuned_by = :by, tuned_why = :why,"
                                + " tuned_at = :at, " + String.join(", ", sets) + ACTIVE
                                + (expected == null ? "" : " and control_version = :expected"))
                        .param("by", intervention.by())
                        .param("why", intervention.why())
                        .param("at", intervention.at().atOffset(ZoneOffset.UTC))
                        .param("profile", profile == null ? null : profile.wireName())
                        .param("stallBudget", stallBudget == null ? null : stallBudget.toNanos() / 1000)
                        .param("share", change.share())
                        .param("rateCeiling", change.rateCeiling())
                        .param("expected", expected)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Gives a scan that was just made its pace. */
    public void choose(UUID id, PaceChange pace) {
        Duration stallBudget = pace.stallBudget();
        Profile profile = pace.profile();
        jdbc.sql("update scan set profile = :profile, stall_budget_us = :stallBudget, share = :share where id = :id")
                .param("profile", profile == null ? null : profile.wireName())
                .param("stallBudget", stallBudget == null ? null : stallBudget.toNanos() / 1000)
                .param("share", pace.share())
                .param("id", id)
                .update();
    }

    private boolean asked(String verb, UUID id, Intervention intervention) {
        return jdbc.sql(("update scan set control_version = control_version + 1, %1$s_by = :by, %1$s_why = :why,"
                                        + " %1$s_at = :at" + ACTIVE)
                                .formatted(verb))
                        .param("by", intervention.by())
                        .param("why", intervention.why())
                        .param("at", intervention.at().atOffset(ZoneOffset.UTC))
                        .param("id", id)
                        .update()
                == 1;
    }

    private static ScanInstructions row(ResultSet row) throws SQLException {
        OffsetDateTime startedAt = row.getObject("started_at", OffsetDateTime.class);
        return new ScanInstructions(
                row.getObject("id", UUID.class),
                row.getObject("instance_id", UUID.class),
                row.getString("scan_type").equals("auto"),
                row.getObject("active_instance_id", UUID.class) != null,
                row.getInt("control_version"),
                Intervention.of(row, "paused"),
                Intervention.of(row, "project"),
                Intervention.of(row, "all"),
                Intervention.of(row, "cancelled"),
                PaceChoice.of(row),
                Intervention.of(row, "tuned"),
                startedAt == null ? null : startedAt.toInstant().plusSeconds(row.getLong("timeout_seconds")));
    }
}
