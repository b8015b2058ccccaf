package io.keysweep.server.scan;

import io.keysweep.server.control.AssistMode;
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
 * Stores the instructions of scans: requests of users to pause, resume or cancel a scan, or to change its pace.
 *
 * <p>The instructions are columns of the table {@code scan}. The processes that sweep a scan poll the columns and
 * follow them. {@code InstructionStore} reads the same columns.
 *
 * <p>Each method executes one SQL update. The methods for requests of users raise the version of the instructions by 1,
 * and change nothing if the scan has ended or does not exist. Thread-safe.
 */
@Repository
public class InstructionWriter {

    /** Matches a scan that waits or runs: {@code active_instance_id} is null once a scan has ended. */
    private static final String ACTIVE = " where id = :id and active_instance_id is not null";

    private final JdbcClient jdbc;

    public InstructionWriter(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Pauses an active scan, and replaces an earlier pause. Returns false if the scan has ended. */
    public boolean pause(UUID id, Intervention intervention) {
        return recordIntervention(
                "update scan set control_version = control_version + 1, paused_by = :by, paused_why = :why,"
                        + " paused_at = :at" + ACTIVE,
                id,
                intervention);
    }

    /** Ends the pause of an active scan, if it has one. Returns false only if the scan has ended. */
    public boolean resume(UUID id) {
        return jdbc.sql("update scan set control_version = control_version + 1, paused_by = null, paused_why = null,"
                                + " paused_at = null" + ACTIVE)
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Requests the end of an active scan. The scan remains active until a worker, or the caller, ends it as failed.
     * Returns false if the scan has ended.
     */
    public boolean cancel(UUID id, Intervention intervention) {
        return recordIntervention(
                "update scan set control_version = control_version + 1, cancelled_by = :by, cancelled_why = :why,"
                        + " cancelled_at = :at" + ACTIVE,
                id,
                intervention);
    }

    /** Executes an update that records an intervention. Returns false if the scan has ended. */
    private boolean recordIntervention(String update, UUID id, Intervention intervention) {
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
     * @param change parts of the pace to change, at least one. The other parts are not changed, except that a new
     *     profile resets the stall budget and the share
     * @param expected version of the instructions that the caller has seen, or null to change any version
     * @return false if the scan has ended, or if the version of its instructions is not {@code expected}
     */
    public boolean tune(UUID id, PaceChange change, @Nullable Integer expected, Intervention intervention) {
        return paceStatement(
                                "update scan set control_version = control_version + 1, tuned_by = :by,"
                                        + " tuned_why = :why, tuned_at = :at, " + paceAssignments(change)
                                        + ACTIVE
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

    /**
     * Returns SQL assignments to the columns of those parts of the pace that change.
     *
     * <p>A profile stands for a stall budget (the longest time of one step) and a share of the server's time. A change
     * of the profile therefore also assigns these two columns: the value in the change, or null, so that the value of
     * the profile applies.
     */
    private static String paceAssignments(PaceChange change) {
        List<String> assignments = new ArrayList<>();
        boolean changesProfile = change.profile() != null;
        if (changesProfile) {
            assignments.add("profile = :profile");
        }
        if (changesProfile || change.stallBudget() != null) {
            assignments.add("stall_budget_us = :stallBudget");
        }
        if (changesProfile || change.share() != null) {
            assignments.add("share = :share");
        }
        if (change.rateCeiling() != null || change.withoutRateCeiling()) {
            assignments.add("rate_ceiling = :rateCeiling");
        }
        return String.join(", ", assignments);
    }

    /**
     * Stores the profile, the stall budget and the share of a new scan. Must be called in the transaction that creates
     * the scan, after the rate ceiling was stored. The version of the instructions is not raised, because no client has
     * seen the scan yet.
     */
    public void choosePace(UUID id, PaceChange pace) {
        paceStatement(
                        "update scan set profile = :profile, stall_budget_us = :stallBudget, share = :share"
                                + " where id = :id",
                        id,
                        pace)
                .update();
    }

    /**
     * Stores whether a new scan assists its servers (raises their settings for a while). Must be called in the
     * transaction that creates the scan.
     *
     * @param assist the chosen mode; null keeps the mode that the scan has
     */
    public void chooseAssist(UUID id, @Nullable AssistMode assist) {
        if (assist != null) {
            jdbc.sql("update scan set assist = :assist where id = :id")
                    .param("assist", assist.wireName())
                    .param("id", id)
                    .update();
        }
    }

    /**
     * Stores the limit of the backlog (the number of dead keys) of a new scan. Before the scan sweeps, it assists its
     * servers for a limited time while the backlog is at or below the limit. The limit has no effect on a scan that
     * does not assist. Must be called in the transaction that creates the scan.
     *
     * @param deadKeys the limit for all primaries together, at least 1
     */
    public void limitBacklog(UUID id, long deadKeys) {
        jdbc.sql("update scan set backlog_limit = :deadKeys where id = :id")
                .param("deadKeys", deadKeys)
                .param("id", id)
                .update();
    }

    /**
     * Records that a second person has approved the pace of a new scan. Must be called in the transaction that creates
     * the scan.
     *
     * @param by id of the access key that has approved the scan
     * @param rateCeiling approved rate ceiling; it replaces the rate ceiling that was lowered when the scan was created
     */
    void approve(UUID id, String by, @Nullable Long rateCeiling) {
        jdbc.sql("update scan set approved_by = :by, rate_ceiling = :rateCeiling where id = :id")
                .param("by", by)
                .param("rateCeiling", rateCeiling)
                .param("id", id)
                .update();
    }

    /**
     * Lowers parts of the pace of an active scan to its ceilings (values of the pace that no scan may exceed without
     * approval).
     *
     * @param lowered new stall budget, share and rate ceiling; a part that is null is not changed
     * @param raisesVersion whether the version of the instructions rises; false if the same transaction has created the
     *     scan, or has raised the version already
     */
    void lower(UUID id, PaceChange lowered, boolean raisesVersion) {
        paceStatement(
                        "update scan set " + (raisesVersion ? "control_version = control_version + 1, " : "")
                                + paceAssignments(lowered) + ACTIVE,
                        id,
                        lowered)
                .param("rateCeiling", lowered.rateCeiling())
                .update();
    }

    /**
     * Creates a statement, and sets the parameters for the id, the profile, the stall budget in microseconds and the
     * share. A part that is null in {@code pace} becomes a null parameter.
     */
    private JdbcClient.StatementSpec paceStatement(String sql, UUID id, PaceChange pace) {
        Duration stallBudget = pace.stallBudget();
        Profile profile = pace.profile();
        return jdbc.sql(sql)
                .param("id", id)
                .param("profile", profile == null ? null : profile.wireName())
                .param("stallBudget", stallBudget == null ? null : stallBudget.toNanos() / 1000)
                .param("share", pace.share());
    }
}
