package io.keysweep.server.scan;

import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.control.Profile;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Writes the instructions of scans in SQL: pause, cancel and pace. Each change is one update that only an active scan
 * takes, and raises the scan's version. Safe to share.
 */
@Repository
public class InstructionWriter {

    private static final String ACTIVE = " where id = :id and active_instance_id is not null";

    private final JdbcClient jdbc;

    public InstructionWriter(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Pauses an active scan, or replaces its pause; returns false if the scan has ended. */
    public boolean pause(UUID id, Intervention intervention) {
        return set(
                "update scan set control_version = control_version + 1, paused_by = :by, paused_why = :why,"
                        + " paused_at = :at" + ACTIVE,
                id,
                intervention);
    }

    /** Ends the pause of an active scan; returns false if the scan has ended. */
    public boolean resume(UUID id) {
        return jdbc.sql("update scan set control_version = control_version + 1, paused_by = null, paused_why = null,"
                                + " paused_at = null" + ACTIVE)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Asks an active scan to end; returns false if the scan has ended. */
    public boolean cancel(UUID id, Intervention intervention) {
        return set(
                "update scan set control_version = control_version + 1, cancelled_by = :by, cancelled_why = :why,"
                        + " cancelled_at = :at" + ACTIVE,
                id,
                intervention);
    }

    private boolean set(String update, UUID id, Intervention intervention) {
        return jdbc.sql(update)
                        .param("by", intervention.by())
                        .param("why", intervention.why())
                        .param("at", intervention.at().atOffset(ZoneOffset.UTC))
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Changes the pace of an active scan.
     *
     * @param expected the version that the change was made for, or null for any
     * @return false if the scan has ended or has another version
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
        return paced(
                                "update scan set control_version = control_version + 1, tuned_by = :by,"
                                        + " tuned_why = :why, tuned_at = :at, " + String.join(", ", sets) + ACTIVE
                                        + (expected == null ? "" : " and control_version = :expected"),
                                id,
                                change)
                        .param("by", intervention.by())
                        .param("why", intervention.why())
                        .param("at", intervention.at().atOffset(ZoneOffset.UTC))
                        .param("rateCeiling", change.rateCeiling())
                        .param("expected", expected)
                        .update()
                == 1;
    }

    /** Sets the pace of a scan that was just created. */
    public void choosePace(UUID id, PaceChange pace) {
        paced(
                        "update scan set profile = :profile, stall_budget_us = :stallBudget, share = :share"
                                + " where id = :id",
                        id,
                        pace)
                .update();
    }

    private JdbcClient.StatementSpec paced(String sql, UUID id, PaceChange pace) {
        Duration stallBudget = pace.stallBudget();
        Profile profile = pace.profile();
        return jdbc.sql(sql)
                .param("id", id)
                .param("profile", profile == null ? null : profile.wireName())
                .param("stallBudget", stallBudget == null ? null : stallBudget.toNanos() / 1000)
                .param("share", pace.share());
    }
}
