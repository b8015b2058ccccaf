package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectDeleted;
import io.keysweep.server.iam.ProjectLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores projects in the table {@code project}, and deletes them with their access keys.
 *
 * <p>Thread-safe.
 */
@Repository
class ProjectStore {

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;

    ProjectStore(JdbcClient jdbc, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    /** Returns whether no project exists yet, as at the first start of the service. */
    boolean isEmpty() {
        return jdbc.sql("select count(*) from project").query(Long.class).single() == 0;
    }

    /**
     * Adds a project.
     *
     * @throws org.springframework.dao.DuplicateKeyException if another project has the name or the id
     */
    void insert(Project project) {
        jdbc.sql("insert into project (id, name, created_at, version) values (:id, :name, :now, :version)")
                .param("id", project.id())
                .param("name", project.name())
                .param("now", project.createdAt().atOffset(ZoneOffset.UTC))
                .param("version", project.version())
                .update();
    }

    /** Finds a project by its id. */
    Optional<Project> find(String id) {
        return jdbc.sql("select * from project where id = :id")
                .param("id", id)
                .query((row, number) -> project(row))
                .optional();
    }

    /** Finds a project by its name. */
    Optional<Project> findByName(String name) {
        return jdbc.sql("select * from project where name = :name")
                .param("name", name)
                .query((row, number) -> project(row))
                .optional();
    }

    /** Returns how many projects there are. */
    int count() {
        return jdbc.sql("select count(*) from project").query(Integer.class).single();
    }

    /** Returns all projects, sorted by name. */
    List<Project> list() {
        return jdbc.sql("select * from project order by name")
                .query((row, number) -> project(row))
                .list();
    }

    /**
     * Renames a project.
     *
     * @param expected version that the project must have; null for any version
     * @return false if the project has another version or does not exist
     * @throws org.springframework.dao.DuplicateKeyException if another project has the name
     */
    boolean rename(String projectId, String name, @Nullable Integer expected) {
        return jdbc.sql("update project set name = :name, version = version + 1 where id = :id"
                                + (expected == null ? "" : " and version = :expected"))
                        .param("name", name)
                        .param("id", projectId)
                        .param("expected", expected)
                        .update()
                == 1;
    }

    /**
     * Deletes a project with its access keys. Must be called in a transaction, which first locks the row of the
     * project, so that other transactions cannot add data to the project in the meantime.
     *
     * <p>Foreign keys delete its policies and webhooks. The listeners of {@link ProjectDeleted}, which is published
     * before the deletion, delete its other data, such as a hold.
     *
     * @return false if no such project exists
     * @throws org.springframework.dao.DataIntegrityViolationException if the project has instances
     */
    boolean remove(String projectId) {
        if (!ProjectLock.take(jdbc, projectId)) {
            return false;
        }
        events.publishEvent(new ProjectDeleted(projectId));
        jdbc.sql("delete from access_key where project_id = :id")
                .param("id", projectId)
                .update();
        return jdbc.sql("delete from project where id = :id")
                        .param("id", projectId)
                        .update()
                == 1;
    }

    private static Project project(ResultSet row) throws SQLException {
        return new Project(
                row.getString("id"),
                row.getString("name"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("version"));
    }
}
