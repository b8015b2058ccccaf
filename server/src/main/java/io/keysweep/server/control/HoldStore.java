package io.keysweep.server.control;

import io.keysweep.server.iam.ProjectDeleted;
import io.keysweep.server.iam.ProjectLock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores project holds, at most one for each project, and the global hold, in the table {@code hold}.
 *
 * <p>Such a hold stops the steps of all scans in its scope (a project, or all projects) until a user releases it.
 * {@link Holds} makes the changes. Thread-safe.
 */
@Repository
class HoldStore {

    /** Scope of the global hold. The scope of any other hold is the id of a project. */
    static final String EVERYTHING = "*";

    private final JdbcClient jdbc;

    HoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Describes a project hold or the global hold.
     *
     * @param scope id of the project whose scans are held, or {@link #EVERYTHING}
     * @param intervention who set the hold, why and when
     */
    record StoredHold(String scope, Intervention intervention) {}

    /**
     * Keeps the project of a scope from being deleted until the current transaction ends. No foreign key does so,
     * because the scope of the global hold is the id of no project.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    void lock(String scope) {
        if (!scope.equals(EVERYTHING)) {
            ProjectLock.takeOrRefuse(jdbc, scope);
        }
    }

    /**
     * Adds a hold. If the scope has a hold already, replaces its intervention. Must be called after {@link #lock}, in
     * the same transaction.
     *
     * @throws org.springframework.dao.DuplicateKeyException if another request adds the hold of the scope between the
     *     update and the insert of this method; the transaction must then be rolled back
     */
    void put(StoredHold hold) {
        if (write("update hold set held_by = :by, held_why = :why, held_at = :at where scope = :scope", hold) == 0) {
            write("insert into hold (scope, held_by, held_why, held_at) values (:scope, :by, :why, :at)", hold);
        }
    }

    /**
     * Removes the hold of a project that is deleted, in the transaction of the deletion. No foreign key can do so,
     * because the scope of the global hold is the id of no project.
     */
    @EventListener
    public void onProjectDeleted(ProjectDeleted event) {
        remove(event.projectId());
    }

    /** Removes the hold of a scope. Returns whether the scope had one. */
    boolean remove(String scope) {
        return jdbc.sql("delete from hold where scope = :scope")
                        .param("scope", scope)
                        .update()
                == 1;
    }

    /**
     * Lists holds: the global hold first, if there is one, and then the holds of projects, ordered by project id.
     *
     * @param projectId returns only the hold of this project and the global hold; null for all holds
     */
    List<StoredHold> list(@Nullable String projectId) {
        // The scope * of the global hold sorts before every project id, which has digits and letters only.
        return jdbc.sql("select * from hold where :project = '' or scope in (:everything, :project) order by scope")
                // The empty text stands for all holds, because no project has it as its id. Null would have no type in
                // SQL.
                .param("project", projectId == null ? "" : projectId)
                .param("everything", EVERYTHING)
                .query((row, number) ->
                        new StoredHold(row.getString("scope"), Objects.requireNonNull(Intervention.of(row, "held"))))
                .list();
    }

    private int write(String sql, StoredHold hold) {
        Intervention intervention = hold.intervention();
        return jdbc.sql(sql)
                .param("scope", hold.scope())
                .param("by", intervention.by())
                .param("why", intervention.why())
                .param("at", intervention.at().atOffset(ZoneOffset.UTC))
                .update();
    }
}
