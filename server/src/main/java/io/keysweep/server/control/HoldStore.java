package io.keysweep.server.control;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Holds in SQL: at most one of a project, and one of everything. */
@Repository
class HoldStore {

    /** The scope of the global hold, where others have a project's id. */
    static final String EVERYTHING = "*";

    private final JdbcClient jdbc;

    HoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One hold.
     *
     * @param scope a project's id, or {@link #EVERYTHING}
     */
    record Hold(String scope, Intervention intervention) {}

    /** Holds, or changes by whom and why it is held. */
    void put(Hold hold) {
        if (write("update hold set held_by = :by, held_why = :why, held_at = :at where scope = :scope", hold) == 0) {
            try {
                write("insert into hold (scope, held_by, held_why, held_at) values (:scope, :by, :why, :at)", hold);
            } catch (DuplicateKeyException e) {
                // Another was quicker by a moment: held it is.
            }
        }
    }

    void remove(String scope) {
        jdbc.sql("delete from hold where scope = :scope").param("scope", scope).update();
    }

    /** The hold of everything first, then those of projects; only one project's if that is given. */
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
