package io.keysweep.server.instance;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.server.iam.SecretBox;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Instances in SQL; passwords and private keys are encrypted with the master key and bound to the instance's id. */
@Repository
public class InstanceStore {

    private final JdbcClient jdbc;
    private final SecretBox secrets;

    /** Over a database; {@code secrets} opens and seals the secrets in it. */
    public InstanceStore(JdbcClient jdbc, SecretBox secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /**
     * Adds an instance.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the project has one of that name
     */
    public void insert(Instance instance) {
        terms(jdbc.sql("""
                                insert into instance (id, project_id, name, uri, username, secret, sentinel_username,
                                    sentinel_secret, node_map, tls_ca, tls_certificate, tls_secret, created_at)
                                values (:id, :projectId, :name, :uri, :username, :secret, :sentinelUsername,
                                    :sentinelSecret, :nodeMap, :tlsCa, :tlsCertificate, :tlsSecret, :createdAt)
                                """), instance.id(), instance.name(), instance.deployment())
                .param("projectId", instance.projectId())
                .param("createdAt", utc(instance.createdAt()))
                .update();
    }

    /**
     * Changes what people set. Where connections are others than before, what was seen of the server is forgotten.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the project has another one of that name
     */
    public void update(Instance previous, InstanceSettings terms, Instant now) {
        boolean elsewhere = terms.leadsElsewhere(previous);
        terms(
                        jdbc.sql("""
                                update instance set name = :name, uri = :uri, username = :username, secret = :secret,
                                    sentinel_username = :sentinelUsername, sentinel_secret = :sentinelSecret,
                                    node_map = :nodeMap, tls_ca = :tlsCa, tls_certificate = :tlsCertificate,
                                    tls_secret = :tlsSecret, updated_at = :now, revision = revision + 1
                                """
                                + (elsewhere
                                        ? ", flavour = null, version = null, used_memory = null, max_memory = null,"
                                                + " shards = null, problem = null, checked_at = null"
                                        : "")
                                + " where id = :id"),
                        previous.id(),
                        terms.name(),
                        terms.deployment())
                .param("now", utc(now))
                .update();
    }

    private JdbcClient.StatementSpec terms(
            JdbcClient.StatementSpec statement, UUID id, String name, Deployment deployment) {
        Credentials credentials = deployment.access().credentials();
        Credentials sentinel = InstanceFields.sentinel(deployment);
        Tls tls = deployment.access().tls();
        return statement
                .param("id", id)
                .param("name", name)
                .param("uri", DeploymentUri.redacted(deployment))
                .param("username", credentials.username())
                .param("secret", sealed(credentials.password(), binding(id)))
                .param("sentinelUsername", sentinel.username())
                .param("sentinelSecret", sealed(sentinel.password(), sentinelBinding(id)))
                .param("nodeMap", InstanceFields.nodeMap(deployment).toString())
                .param("tlsCa", text(tls == null ? null : tls.authorities()))
                .param("tlsCertificate", text(tls == null ? null : tls.certificate()))
                .param("tlsSecret", sealed(text(tls == null ? null : tls.key()), tlsBinding(id)));
    }

    private static @Nullable String text(@Nullable Pem pem) {
        return switch (pem) {
            case null -> null;
            case Pem.Text text -> text.text();
            case Pem.File file -> throw new IllegalArgumentException("an instance's certificates are kept as text");
        };
    }

    /** The project's instance with that id, which nobody else changes until the end of the transaction. */
    public Optional<Instance> lock(String projectId, UUID id) {
        return jdbc.sql("select * from instance where id = :id and project_id = :projectId for update")
                .param("id", id)
                .param("projectId", projectId)
                .query((row, number) -> row(row))
                .optional();
    }

    /** All instances of a project by name, which nobody else changes until the end of the transaction. */
    public List<Instance> lockAll(String projectId) {
        // Whoever holds the project's row is the only one to add any.
        jdbc.sql("select id from project where id = :projectId for update")
                .param("projectId", projectId)
                .query(String.class)
                .optional();
        return jdbc.sql("select * from instance where project_id = :projectId order by name for update")
                .param("projectId", projectId)
                .query((row, number) -> row(row))
                .list();
    }

    /** The project's instance with that id, if there is one. */
    public Optional<Instance> find(String projectId, UUID id) {
        return jdbc.sql("select * from instance where id = :id and project_id = :projectId")
                .param("id", id)
                .param("projectId", projectId)
                .query((row, number) -> row(row))
                .optional();
    }

    /** The instance with that id, whoever owns it; for the service's own work, never for a caller. */
    public Optional<Instance> find(UUID id) {
        return jdbc.sql("select * from instance where id = :id")
                .param("id", id)
                .query((row, number) -> row(row))
                .optional();
    }

    /** All instances of a project by name. */
    public List<Instance> list(String projectId) {
        return jdbc.sql("select * from instance where project_id = :projectId order by name")
                .param("projectId", projectId)
                .query((row, number) -> row(row))
                .list();
    }

    /**
     * Instances of a project by name.
     *
     * @param part what the name contains, whatever the case; empty for all of them
     */
    public List<Instance> list(String projectId, String part, int offset, int limit) {
        return jdbc.sql(
                        "select * from instance where project_id = :projectId and position(lower(:part) in lower(name)) > 0"
                                + " order by name limit :limit offset :offset")
                .param("projectId", projectId)
                .param("part", part)
                .param("offset", offset)
                .param("limit", limit)
                .query((row, number) -> row(row))
                .list();
    }

    /** The names of those instances that are the project's. */
    public Map<UUID, String> names(String projectId, Collection<UUID> ids) {
        Map<UUID, String> names = new HashMap<>();
        if (!ids.isEmpty()) {
            jdbc.sql("select id, name from instance where project_id = :projectId and id in (:ids)")
                    .param("projectId", projectId)
                    .param("ids", ids)
                    .query((ResultSet row) -> {
                        names.put(row.getObject("id", UUID.class), row.getString("name"));
                    });
        }
        return names;
    }

    /** Forgets an instance and all that is kept of it. */
    public void remove(UUID id) {
        jdbc.sql("delete from instance where id = :id").param("id", id).update();
    }

    void observe(UUID id, InstanceObservation seen) {
        jdbc.sql("""
                update instance set flavour = coalesce(:flavour, flavour), version = coalesce(:version, version),
                    used_memory = :usedMemory, max_memory = :maxMemory, shards = coalesce(:shards, shards), problem = :problem, checked_at = :checkedAt
                where id = :id
                """)
                .param("flavour", seen.flavour())
                .param("version", seen.version())
                .param("usedMemory", seen.usedMemory())
                .param("maxMemory", seen.maxMemory())
                .param("shards", seen.shards())
                .param("problem", seen.problem())
                .param("checkedAt", seen.checkedAt().atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    private Instance row(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        String uri = row.getString("uri");
        Deployment deployment = DeploymentUri.parse(
                uri,
                credentials(row, "", binding(id)),
                credentials(row, "sentinel_", sentinelBinding(id)),
                nodeMap(row));
        return new Instance(
                id,
                row.getString("project_id"),
                row.getString("name"),
                uri,
                deployment.access().tls() == null ? deployment : deployment.withTls(tls(row, id)),
                observation(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "updated_at"),
                row.getInt("revision"));
    }

    private Tls tls(ResultSet row, UUID id) throws SQLException {
        String secret = row.getString("tls_secret");
        return new Tls(
                pem(row.getString("tls_ca")),
                pem(row.getString("tls_certificate")),
                pem(secret == null ? null : secrets.open(secret, tlsBinding(id))));
    }

    private static @Nullable Pem pem(@Nullable String text) {
        return text == null ? null : new Pem.Text(text);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable InstanceObservation observation(ResultSet row) throws SQLException {
        Instant at = instant(row, "checked_at");
        if (at == null) {
            return null;
        }
        return new InstanceObservation(
                row.getString("flavour"),
                row.getString("version"),
                row.getObject("used_memory", Long.class),
                row.getObject("max_memory", Long.class),
                row.getObject("shards", Integer.class),
                row.getString("problem"),
                at);
    }

    private @Nullable String sealed(@Nullable String secret, String binding) {
        return secret == null ? null : secrets.seal(secret, binding);
    }

    private Credentials credentials(ResultSet row, String prefix, String binding) throws SQLException {
        String secret = row.getString(prefix + "secret");
        return new Credentials(
                row.getString(prefix + "username"), secret == null ? null : secrets.open(secret, binding));
    }

    private static NodeMap nodeMap(ResultSet row) throws SQLException {
        String text = row.getString("node_map");
        return text == null ? NodeMap.NONE : NodeMap.parse(text);
    }

    private static String tlsBinding(UUID id) {
        return "tls:" + id;
    }

    private static String sentinelBinding(UUID id) {
        return "sentinel:" + id;
    }

    private static String binding(UUID id) {
        return "instance:" + id;
    }
}
