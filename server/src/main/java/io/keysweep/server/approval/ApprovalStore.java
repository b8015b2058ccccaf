package io.keysweep.server.approval;

import io.keysweep.server.approval.Approval.ApprovalState;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores requests for approval in SQL, and deletes requests that are older than the retention allows. Thread-safe. */
@Repository
public class ApprovalStore implements RetentionRule {

    private static final String SELECT =
            "select scan_approval.* from scan_approval join instance on instance.id = scan_approval.instance_id"
                    + " where instance.project_id = :projectId ";

    private final JdbcClient jdbc;

    public ApprovalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a request that nobody has decided about. */
    void insert(Approval approval) {
        jdbc.sql("""
                insert into scan_approval (id, instance_id, state, request, asked, above, requested_by, requested_at,
                    expires_at)
                values (:id, :instanceId, :state, :request, :asked, :above, :requestedBy, :requestedAt, :expiresAt)
                """)
                .param("id", approval.id())
                .param("instanceId", approval.instanceId())
                .param("state", wireName(approval.state()))
                .param("request", approval.request())
                .param("asked", approval.requestedPace())
                .param("above", approval.exceededCeilings())
                .param("requestedBy", approval.requestedBy())
                .param("requestedAt", approval.requestedAt().atOffset(ZoneOffset.UTC))
                .param("expiresAt", approval.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Returns a request of a project; empty if the project has none with this id. */
    Optional<Approval> find(String projectId, UUID id) {
        return jdbc.sql(SELECT + "and scan_approval.id = :id")
                .param("projectId", projectId)
                .param("id", id)
                .query((row, number) -> approval(row))
                .optional();
    }

    /** Returns the request for an instance that still waits for a decision; empty if there is none. */
    Optional<Approval> findOpen(UUID instanceId, Instant now) {
        return jdbc.sql("select * from scan_approval where instance_id = :instanceId and state = :pending"
                        + " and expires_at > :now order by requested_at limit 1")
                .param("instanceId", instanceId)
                .param("pending", wireName(ApprovalState.PENDING))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, number) -> approval(row))
                .optional();
    }

    /**
     * Returns the requests of a project, the newest first.
     *
     * @param instanceIds only requests about these instances, at least one; null for all instances of the project
     */
    List<Approval> list(String projectId, @Nullable Set<UUID> instanceIds, int limit) {
        return jdbc.sql(SELECT + (instanceIds == null ? "" : "and scan_approval.instance_id in (:instanceIds) ")
                        + "order by scan_approval.requested_at desc, scan_approval.id limit :limit")
                .param("projectId", projectId)
                .param("instanceIds", instanceIds)
                .param("limit", limit)
                .query((row, number) -> approval(row))
                .list();
    }

    /**
     * Stores the decision about a request.
     *
     * @param scanId scan that was created, or null
     * @return false if the request was decided before, or has expired
     */
    boolean decide(UUID id, ApprovalState state, Intervention decision, @Nullable UUID scanId) {
        return jdbc.sql("""
                        update scan_approval set state = :state, decided_by = :by, decided_why = :why, decided_at = :at,
                            scan_id = :scanId
                        where id = :id and state = :pending and expires_at > :at
                        """)
                        .param("state", wireName(state))
                        .param("by", decision.by())
                        .param("why", decision.why())
                        .param("at", decision.at().atOffset(ZoneOffset.UTC))
                        .param("scanId", scanId)
                        .param("id", id)
                        .param("pending", wireName(ApprovalState.PENDING))
                        .update()
                == 1;
    }

    @Override
    public String subject() {
        return "requests for approval";
    }

    @Override
    public int purge(Instant before, int maxPerInstance) {
        return BatchedDelete.run(size -> jdbc.sql("""
                        delete from scan_approval where id in (
                            select id from scan_approval where expires_at < :before order by expires_at limit :batch)
                        """)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("batch", size)
                .update());
    }

    private static Approval approval(ResultSet row) throws SQLException {
        return new Approval(
                row.getObject("id", UUID.class),
                row.getObject("instance_id", UUID.class),
                ApprovalState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("request"),
                row.getString("asked"),
                row.getString("above"),
                row.getString("requested_by"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getString("decided_by"),
                row.getString("decided_why"),
                time(row.getObject("decided_at", OffsetDateTime.class)),
                row.getObject("scan_id", UUID.class));
    }

    private static @Nullable Instant time(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static String wireName(ApprovalState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
