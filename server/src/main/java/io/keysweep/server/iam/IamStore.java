package io.keysweep.server.iam;

import io.keysweep.api.AccessKeyView;
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
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores projects and access keys in the tables {@code project} and {@code access_key}.
 *
 * <p>A project owns the registered Redis servers; an access key acts for one project. Secret keys are encrypted with
 * the master key of the service. Each secret key is bound to its access key id: a secret that is copied to another row
 * cannot be decrypted. Safe for use by several threads.
 */
@Repository
class IamStore {

    /** Selects access keys, each with when its owner was disabled. */
    private static final String KEYS = "select k.*, u.disabled_at as owner_disabled_at from access_key k"
            + " left join user_account u on u.name = k.user_name";

    private final JdbcClient jdbc;
    private final SecretBox secrets;
    private final ApplicationEventPublisher events;

    IamStore(JdbcClient jdbc, SecretBox secrets, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.secrets = secrets;
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

    /** Adds an access key that was created at {@code now}. */
    void insert(AccessKey key, Instant now) {
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
                .param("actions", RightsText.names(rights.actions()))
                .param("policies", RightsText.names(rights.policies()))
                .param("instances", RightsText.selector(rights.narrowing()))
                .param("expiresAt", utc(key.expiresAt()))
                .param("now", utc(now))
                .update();
    }

    /** Stores the policies, the narrowing and the end of an access key, and whether it is disabled. */
    void update(AccessKey key) {
        jdbc.sql("""
                        update access_key set policies = :policies, instances = :instances, disabled_at = :disabledAt,
                            expires_at = :expiresAt
                        where id = :id
                        """)
                .param("policies", RightsText.names(key.rights().policies()))
                .param("instances", RightsText.selector(key.rights().narrowing()))
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
    Optional<AccessKey> accessKey(String id) {
        return jdbc.sql(KEYS + " where k.id = :id")
                .param("id", id)
                .query((row, number) -> accessKey(row))
                .optional();
    }

    /** Returns the access keys of a project without their secrets, the oldest first, in their state at {@code now}. */
    List<AccessKeyView> accessKeys(String projectId, Instant now) {
        return jdbc.sql(KEYS + " where k.project_id = :projectId order by k.created_at, k.id")
                .param("projectId", projectId)
                .query((row, number) -> view(row, now))
                .list();
    }

    /** Returns how many access keys a project has, also of those that cannot be used. */
    int countKeys(String projectId) {
        return jdbc.sql("select count(*) from access_key where project_id = :projectId")
                .param("projectId", projectId)
                .query(Integer.class)
                .single();
    }

    /** Returns how many access keys a user owns, also of those that cannot be used. */
    int countKeysOf(String user) {
        return jdbc.sql("select count(*) from access_key where user_name = :user")
                .param("user", user)
                .query(Integer.class)
                .single();
    }

    /** Returns the access keys that a user owns, with their secrets. */
    List<AccessKey> keysOf(String user) {
        return jdbc.sql(KEYS + " where k.user_name = :user order by k.created_at, k.id")
                .param("user", user)
                .query((row, number) -> accessKey(row))
                .list();
    }

    /** Returns the rights of all access keys of all projects that are enabled, have no end and are owned by no user. */
    List<KeyRights> lastingKeys() {
        return jdbc.sql("select project_id, actions, policies, instances from access_key"
                        + " where disabled_at is null and expires_at is null and user_name is null")
                .query((row, number) -> new KeyRights(row.getString("project_id"), rights(row)))
                .list();
    }

    /** Returns the rights of all access keys of a project, also of those that cannot be used. */
    List<KeyRights> rightsOfKeys(String projectId) {
        return jdbc.sql("select project_id, actions, policies, instances from access_key where project_id = :projectId")
                .param("projectId", projectId)
                .query((row, number) -> new KeyRights(row.getString("project_id"), rights(row)))
                .list();
    }

    /** Holds the rights of one access key, with its project. */
    record KeyRights(String projectId, PrincipalRights rights) {}

    /**
     * Makes all other changes of access keys, users and policies wait until the transaction ends. Must be called in a
     * transaction, before it reads what it changes.
     */
    void lockPrincipals() {
        jdbc.sql("select id from principal_lock for update")
                .query(Integer.class)
                .list();
    }

    /** Returns those of the given access key ids that can be used at an instant. */
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
    boolean removeAccessKey(String id) {
        return jdbc.sql("delete from access_key where id = :id").param("id", id).update() == 1;
    }

    /** Finds a project by its id. */
    Optional<Project> project(String id) {
        return jdbc.sql("select * from project where id = :id")
                .param("id", id)
                .query((row, number) -> project(row))
                .optional();
    }

    /** Finds a project by its name. */
    Optional<Project> projectNamed(String name) {
        return jdbc.sql("select * from project where name = :name")
                .param("name", name)
                .query((row, number) -> project(row))
                .optional();
    }

    /** Returns how many projects there are. */
    int countProjects() {
        return jdbc.sql("select count(*) from project").query(Integer.class).single();
    }

    /** Returns all projects, sorted by name. */
    List<Project> projects() {
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
     * Deletes a project with its access keys. Must be called in a transaction.
     *
     * <p>Foreign keys delete its policies and webhooks. The listeners of {@link ProjectDeleted}, which is published
     * first, delete its other data, such as a hold.
     *
     * @return false if no such project exists
     * @throws org.springframework.dao.DataIntegrityViolationException if the project has instances
     */
    boolean removeProject(String projectId) {
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
                Set.copyOf(RightsText.names(row.getString("actions"))),
                RightsText.names(row.getString("policies")),
                RightsText.selector(row.getString("instances")));
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
