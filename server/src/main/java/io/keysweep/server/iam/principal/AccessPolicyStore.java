package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.BuiltInRole;
import io.keysweep.server.iam.ProjectLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the access policies of projects in the table {@code access_policy}, without the built-in roles. Thread-safe.
 */
@Repository
class AccessPolicyStore {

    private final JdbcClient jdbc;

    AccessPolicyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the policies of a project, sorted by name. */
    List<AccessPolicy> list(String projectId) {
        return jdbc.sql("select * from access_policy where project_id = :projectId order by name")
                .param("projectId", projectId)
                .query((row, number) -> policy(row))
                .list();
    }

    /** Finds a policy of a project by its name. */
    Optional<AccessPolicy> find(String projectId, String name) {
        return jdbc.sql("select * from access_policy where project_id = :projectId and name = :name")
                .param("projectId", projectId)
                .param("name", name)
                .query((row, number) -> policy(row))
                .optional();
    }

    /**
     * Returns the statements of policies of a project, by name of the policy. The map has no entry for a built-in role
     * or an unknown name.
     */
    Map<String, List<AccessStatement>> statements(String projectId, Collection<String> names) {
        List<String> custom =
                names.stream().filter(name -> BuiltInRole.find(name).isEmpty()).toList();
        Map<String, List<AccessStatement>> statements = new HashMap<>();
        if (!custom.isEmpty()) {
            jdbc.sql("select name, document from access_policy where project_id = :projectId and name in (:names)")
                    .param("projectId", projectId)
                    .param("names", custom)
                    .query((ResultSet row) -> {
                        statements.put(row.getString("name"), RightsText.parseStatements(row.getString("document")));
                    });
        }
        return statements;
    }

    /**
     * Adds a policy with version 1. Must be called in a transaction.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    void insert(String projectId, String name, List<AccessStatement> statements, String by, Instant now) {
        ProjectLock.takeOrRefuse(jdbc, projectId);
        jdbc.sql("insert into access_policy (project_id, name, document, version, updated_at, updated_by)"
                        + " values (:projectId, :name, :document, 1, :now, :by)")
                .param("projectId", projectId)
                .param("name", name)
                .param("document", RightsText.formatStatements(statements))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", by)
                .update();
    }

    /**
     * Replaces the statements of a policy, and raises its version by 1. Does not compare the version: {@link
     * AccessPolicies} has done that in the same transaction.
     */
    void update(String projectId, String name, List<AccessStatement> statements, String by, Instant now) {
        jdbc.sql("update access_policy set document = :document, version = version + 1, updated_at = :now,"
                        + " updated_by = :by where project_id = :projectId and name = :name")
                .param("projectId", projectId)
                .param("name", name)
                .param("document", RightsText.formatStatements(statements))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", by)
                .update();
    }

    /** Deletes a policy. */
    void remove(String projectId, String name) {
        jdbc.sql("delete from access_policy where project_id = :projectId and name = :name")
                .param("projectId", projectId)
                .param("name", name)
                .update();
    }

    private static AccessPolicy policy(ResultSet row) throws SQLException {
        return new AccessPolicy(
                row.getString("project_id"),
                row.getString("name"),
                RightsText.parseStatements(row.getString("document")),
                /* builtIn= */ false,
                row.getInt("version"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("updated_by"));
    }
}
