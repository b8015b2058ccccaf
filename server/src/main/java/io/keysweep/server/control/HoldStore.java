package io.keysweep.server.control;

import io.keysweep.server.iam.ProjectDeleted;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores holds in SQL: at most one hold for each project, and one global hold for all projects. Thread-safe. */
@Repository
class HoldStore {

    /** Scope of the global hold. The scope of any other hold is the id of a project. */
    static final String EVERYTHING = "*";

    private final JdbcClient jdbc;

    HoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Describes a hold, which pauses all scans in its scope.
     *
     * @param scope id of a project, or {@link #EVERYTHING}
     * @param intervention who set the hold, why and when
     */
    record Hold(String scope, Intervention intervention) {}

    /**
     * Adds a hold. If the scope has a hold already, replaces its intervention.
     *
     * @throws org.springframework.dao.DuplicateKeyException if another request adds the hold at the same moment
     */
    void put(Hold hold) {
        if (write("update hold set held_by = :by, held_why = :why, held_at = :at where scope = :scope", hold) == 0) {
            write("insert into hold (scope, held_by, held_why, held_at) values (:scope, :by, :why, :at)", hold);
        }
    }

    /** Removes the hold of a project that is deleted. */
    @EventListener
    public void onProjectDeleted(ProjectDeleted event) {
        remove(event.projectId());
    }

    /** Removes the hold of a scope. Returns false if there is none. */
    boolean remove(String scope) {
        return jdbc.sql("delete from hold where scope = :scope")
                        .param("scope", scope)
                        .update()
                == 1;
    }

    /**
     * Returns the global hold first, if there is one, and then the holds of projects.
     *
     * @param projectId only the hold of this project and the global hold, or null for all holds
     */
    List<Hold> list(@Nullable String projectId) {
        // In this order the global hold comes first, because * sorts before every project id.
        return jdbc.sql("select * from hold where :project = '' or scope in (:everything, :project) order by scope")
                // An empty text, which is the id of no project, selects all holds.
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
