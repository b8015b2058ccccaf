package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.ProjectLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores users in the table {@code user_account}. Thread-safe. */
@Repository
class UserStore {

    private final JdbcClient jdbc;

    UserStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the users of a project, sorted by name. */
    List<UserAccount> list(String projectId) {
        return jdbc.sql("select * from user_account where project_id = :projectId order by name")
                .param("projectId", projectId)
                .query((row, number) -> user(row))
                .list();
    }

    /** Finds a user of any project by name. */
    Optional<UserAccount> find(String name) {
        return jdbc.sql("select * from user_account where name = :name")
                .param("name", name)
                .query((row, number) -> user(row))
                .optional();
    }

    /** Finds the user who has a credential, by which tokens and sessions identify the user. */
    Optional<UserAccount> findByCredential(String credential) {
        return jdbc.sql("select * from user_account where credential = :credential")
                .param("credential", credential)
                .query((row, number) -> user(row))
                .optional();
    }

    /** Returns the given credentials whose users are enabled. */
    Set<String> findEnabled(Set<String> credentials) {
        return credentials.isEmpty()
                ? Set.of()
                : Set.copyOf(jdbc.sql("select credential from user_account where credential in (:credentials)"
                                + " and disabled_at is null")
                        .param("credentials", credentials)
                        .query(String.class)
                        .list());
    }

    /**
     * Adds a user. Must be called in a transaction.
     *
     * @throws org.springframework.dao.DuplicateKeyException if another user has the name
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    void insert(UserAccount user) {
        ProjectLock.takeOrRefuse(jdbc, user.projectId());
        bind(jdbc.sql("""
                                insert into user_account (name, project_id, password, credential, policies, instances,
                                    disabled_at, created_at)
                                values (:name, :projectId, :password, :credential, :policies, :instances, :disabledAt,
                                    :createdAt)
                                """), user)
                .param("projectId", user.projectId())
                .param("createdAt", utc(user.createdAt()))
                .update();
    }

    /** Stores the password, the credential and the rights of a user, and whether the user is disabled. */
    void update(UserAccount user) {
        bind(jdbc.sql("""
                                update user_account set password = :password, credential = :credential,
                                    policies = :policies, instances = :instances, disabled_at = :disabledAt
                                where name = :name
                                """), user).update();
    }

    /** Records that a user has made a request; does nothing if the user was removed. */
    void recordUse(String name, Instant at) {
        jdbc.sql("update user_account set last_used_at = :at where name = :name")
                .param("at", utc(at))
                .param("name", name)
                .update();
    }

    /** Deletes a user. */
    void remove(String name) {
        jdbc.sql("delete from user_account where name = :name")
                .param("name", name)
                .update();
    }

    private static JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement, UserAccount user) {
        return statement
                .param("name", user.name())
                .param("password", user.passwordHash())
                .param("credential", user.credential())
                .param("policies", RightsText.formatNames(user.rights().policies()))
                .param("instances", RightsText.formatSelector(user.rights().narrowing()))
                .param("disabledAt", utc(user.disabledAt()));
    }

    private static UserAccount user(ResultSet row) throws SQLException {
        return new UserAccount(
                row.getString("name"),
                row.getString("project_id"),
                row.getString("password"),
                row.getString("credential"),
                new PrincipalRights(
                        Set.of(),
                        RightsText.parseNames(row.getString("policies")),
                        RightsText.parseSelector(row.getString("instances"))),
                time(row, "disabled_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "last_used_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
