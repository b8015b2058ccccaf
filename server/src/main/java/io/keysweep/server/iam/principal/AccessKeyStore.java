package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.iam.ProjectLock;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.iam.SecretBoxException;
import io.keysweep.server.iam.signature.SecretAccessKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores access keys, each of which acts for one project, in the table {@code access_key}.
 *
 * <p>Secret keys are encrypted with the master key of the service. Each secret key is bound to its access key id: a
 * secret that is copied to another row cannot be decrypted. Thread-safe.
 */
@Repository
class AccessKeyStore {

    /** Selects access keys, each with the time at which its owner was disabled. */
    private static final String KEYS = "select k.*, u.disabled_at as owner_disabled_at from access_key k"
            + " left join user_account u on u.name = k.user_name";

    private final JdbcClient jdbc;
    private final SecretBox secrets;

    AccessKeyStore(JdbcClient jdbc, SecretBox secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /**
     * Adds an access key that was created at {@code now}. Must be called in a transaction.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    void insert(AccessKey key, Instant now) {
        ProjectLock.takeOrRefuse(jdbc, key.projectId());
        PrincipalRights rights = key.rights();
        jdbc.sql("""
                        insert into access_key (id, project_id, user_name, secret, actions, policies, instances, expires_at,
                            created_at)
                        values (:id, :projectId, :owner, :secret, :actions, :policies, :instances, :expiresAt, :now)
                        """)
                .param("id", key.id())
                .param("projectId", key.projectId())
                .param("owner", key.owner())
                .param("secret", secrets.seal(key.secret().text(), binding(key.id())))
                .param("actions", RightsText.formatNames(rights.actions()))
                .param("policies", RightsText.formatNames(rights.policies()))
                .param("instances", RightsText.formatSelector(rights.narrowing()))
                .param("expiresAt", utc(key.expiresAt()))
                .param("now", utc(now))
                .update();
    }

    /**
     * Stores the policies, the narrowing (the only instances that they apply to) and the expiry of an access key, and
     * whether it is disabled.
     */
    void update(AccessKey key) {
        jdbc.sql("""
                        update access_key set policies = :policies, instances = :instances, disabled_at = :disabledAt,
                            expires_at = :expiresAt
                        where id = :id
                        """)
                .param("policies", RightsText.formatNames(key.rights().policies()))
                .param("instances", RightsText.formatSelector(key.rights().narrowing()))
                .param("disabledAt", utc(key.disabledAt()))
                .param("expiresAt", utc(key.expiresAt()))
                .param("id", key.id())
                .update();
    }

    /** Records that an access key was used; does nothing if it was withdrawn. */
    void recordUse(String accessKey, Instant at) {
        jdbc.sql("update access_key set last_used_at = :at where id = :id")
                .param("at", utc(at))
                .param("id", accessKey)
                .update();
    }

    /**
     * Finds an access key with its secret; empty if the key is unknown or withdrawn.
     *
     * @throws SecretBoxException if the secret was encrypted with another master key
     */
    Optional<AccessKey> find(String id) {
        return jdbc.sql(KEYS + " where k.id = :id")
                .param("id", id)
                .query((row, number) -> accessKey(row))
                .optional();
    }

    /** Returns the access keys of a project without their secrets, the oldest first, in their state at {@code now}. */
    List<AccessKeyView> list(String projectId, Instant now) {
        return jdbc.sql(KEYS + " where k.project_id = :projectId order by k.created_at, k.id")
                .param("projectId", projectId)
                .query((row, number) -> view(row, now))
                .list();
    }

    /** Returns how many access keys a project has, including disabled and expired keys. */
    int count(String projectId) {
        return jdbc.sql("select count(*) from access_key where project_id = :projectId")
                .param("projectId", projectId)
                .query(Integer.class)
                .single();
    }

    /** Returns how many access keys a user owns, including disabled and expired keys. */
    int countOwnedBy(String user) {
        return jdbc.sql("select count(*) from access_key where user_name = :user")
                .param("user", user)
                .query(Integer.class)
                .single();
    }

    /** Returns the access keys that a user owns, with their secrets. */
    List<AccessKey> ownedBy(String user) {
        return jdbc.sql(KEYS + " where k.user_name = :user order by k.created_at, k.id")
                .param("user", user)
                .query((row, number) -> accessKey(row))
                .list();
    }

    /** Returns the rights of all access keys, of any project, that are enabled, never expire and have no owner. */
    List<KeyRights> lastingKeys() {
        return jdbc.sql("select project_id, actions, policies, instances from access_key"
                        + " where disabled_at is null and expires_at is null and user_name is null")
                .query((row, number) -> new KeyRights(row.getString("project_id"), rights(row)))
                .list();
    }

    /** Returns the rights of all access keys of a project, including disabled and expired keys. */
    List<KeyRights> rights(String projectId) {
        return jdbc.sql("select project_id, actions, policies, instances from access_key where project_id = :projectId")
                .param("projectId", projectId)
                .query((row, number) -> new KeyRights(row.getString("project_id"), rights(row)))
                .list();
    }

    /** Holds the rights of one access key, with its project. */
    record KeyRights(String projectId, PrincipalRights rights) {}

    /**
     * Takes the lock that all changes of access keys, users and access policies share, in all projects, until the
     * transaction ends. A change must take this lock before it reads anything on which it depends.
     */
    void lockPrincipals() {
        jdbc.sql("select id from principal_lock for update")
                .query(Integer.class)
                .list();
    }

    /** Returns the given ids whose access keys can be used at an instant. */
    Set<String> usable(Set<String> accessKeys, Instant now) {
        return accessKeys.isEmpty()
                ? Set.of()
                : jdbc
                        .sql(KEYS + " where k.id in (:ids)")
                        .param("ids", accessKeys)
                        .query((row, number) -> view(row, now))
                        .list()
                        .stream()
                        .filter(key -> key.state().equals(KeyState.ENABLED.wireName()))
                        .map(AccessKeyView::accessKey)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Deletes an access key; returns false if it does not exist. */
    boolean remove(String id) {
        return jdbc.sql("delete from access_key where id = :id").param("id", id).update() == 1;
    }

    private AccessKey accessKey(ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new AccessKey(
                id,
                row.getString("project_id"),
                new SecretAccessKey(secrets.open(row.getString("secret"), binding(id))),
                row.getString("user_name"),
                rights(row),
                time(row, "disabled_at"),
                time(row, "expires_at"),
                time(row, "owner_disabled_at") != null);
    }

    private static PrincipalRights rights(ResultSet row) throws SQLException {
        return new PrincipalRights(
                Set.copyOf(RightsText.parseNames(row.getString("actions"))),
                RightsText.parseNames(row.getString("policies")),
                RightsText.parseSelector(row.getString("instances")));
    }

    private static AccessKeyView view(ResultSet row, Instant now) throws SQLException {
        PrincipalRights rights = rights(row);
        Instant disabledAt = time(row, "disabled_at");
        Instant expiresAt = time(row, "expires_at");
        boolean isOwnerDisabled = time(row, "owner_disabled_at") != null;
        return new AccessKeyView(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("user_name"),
                rights.actions().stream().sorted().toList(),
                rights.policies(),
                RightsText.ids(rights.narrowing()),
                rights.narrowing().tags(),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                KeyState.at(now, disabledAt, expiresAt, isOwnerDisabled).wireName(),
                disabledAt,
                expiresAt,
                time(row, "last_used_at"),
                /* secretKey= */ null);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** Returns the text that binds an encrypted secret to its row; see {@link SecretBox#seal}. */
    static String binding(String accessKey) {
        return "access-key:" + accessKey;
    }
}
