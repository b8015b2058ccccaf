package io.keysweep.server.iam;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Projects and access keys in SQL; secret keys are encrypted with the master key and bound to their AK. */
@Repository
class IamStore {

    private final JdbcClient jdbc;
    private final SecretBox secrets;
    private final InstantSource clock;

    IamStore(JdbcClient jdbc, SecretBox secrets, InstantSource clock) {
        this.jdbc = jdbc;
        this.secrets = secrets;
        this.clock = clock;
    }

    boolean empty() {
        return jdbc.sql("select count(*) from project").query(Long.class).single() == 0;
    }

    /**
     * Adds a project.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the name is taken
     */
    void insert(Project project) {
        jdbc.sql("insert into project (id, name, created_at) values (:id, :name, :now)")
                .param("id", project.id())
                .param("name", project.name())
                .param("now", now())
                .update();
    }

    void insert(AccessKey key) {
        jdbc.sql("insert into access_key (id, project_id, secret, actions, created_at)"
                        + " values (:id, :projectId, :secret, :actions, :now)")
                .param("id", key.id())
                .param("projectId", key.projectId())
                .param("secret", secrets.seal(key.secret().text(), binding(key.id())))
                .param("actions", String.join(" ", key.actions()))
                .param("now", now())
                .update();
    }

    Optional<AccessKey> accessKey(String id) {
        return jdbc.sql("select * from access_key where id = :id")
                .param("id", id)
                .query((row, number) -> accessKey(row))
                .optional();
    }

    Optional<Project> project(String id) {
        return jdbc.sql("select id, name from project where id = :id")
                .param("id", id)
                .query((row, number) -> new Project(row.getString(1), row.getString(2)))
                .optional();
    }

    private AccessKey accessKey(ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new AccessKey(
                id,
                row.getString("project_id"),
                new SecretAccessKey(secrets.open(row.getString("secret"), binding(id))),
                Set.of(row.getString("actions").split(" ")));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static String binding(String accessKey) {
        return "access-key:" + accessKey;
    }
}
