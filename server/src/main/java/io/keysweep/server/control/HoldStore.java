package io.keysweep.server.control;

import io.keysweep.server.iam.ProjectDeleted;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores holds in SQL: at most one for each project, and one global hold. Safe to share. */
@Repository
class HoldStore {

    /** Scope of the global hold; the scope of another hold is a project's id. */
    static final String EVERYTHING = "*";

    private final JdbcClient jdbc;

    HoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Describes a hold.
     *
     * @param scope a project's id, or {@link #EVERYTHING}
     */
    record Hold(String scope, Intervention intervention) {}

    /** Adds a hold, or replaces the intervention of an existing one. */
    void put(Hold hold) {
        if (write("update hold set held_by = :by, held_why = :why, held_at = :at where scope = :scope", hold) == 0) {
            try {
                write("insert into hold (scope, held_by, held_why, held_at) values (:scope, :by, :why, :at)", hold);
            } catch (DuplicateKeyException e) {
                // Another request has added the hold at the same moment.
            }
        }
    }

    /** Removes the hold of a project that is deleted. */
    @EventListener
    public void onProjectDeleted(ProjectDeleted event) {
        remove(event.projectId());
    }

    void remove(String scope) {
        jdbc.sql("delete from hold where scope = :scope").param("scope", scope).update();
    }

    /** Returns the global hold first, then the holds of projects, or of one project if given. */
    List<Hold> list(@Nullable String projectId) {
        return jdbc.sql("select * from hold where :project = '' or scope in (:everything, :project) order by scope")
                .param("project", projectId == null ? "" : projectId)
                .param("everything", EVERYTHING)
                .query((row, number) ->
                        new Hold(row.getString("scope"), Objects.requireNonNull(Intervention.of(row, "held"))))
                .list();
    }

    private int write(String sql, Hold hold) {
        Intervention intervention = hold.intervention();
        return jdbc.sql(sql)
                .param("scope", hold.scope())
                .param("by", intervention.by())
                .param("why", intervention.why())
                .param("at", intervention.at().atOffset(ZoneOffset.UTC))
                .update();
    }
}
