package io.keysweep.server.instance;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
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

/** Instances in SQL; passwords are encrypted with the master key and bound to the instance's id. */
@Repository
public class InstanceStore {

    private final JdbcClient jdbc;
    private final SecretBox secrets;

    /** Over a database; {@code secrets} opens and seals the passwords in it. */
    public InstanceStore(JdbcClient jdbc, SecretBox secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /**
     * Adds an instance.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the project has one of that name
     */
    void insert(Instance instance) {
        Credentials credentials = instance.deployment().access().credentials();
        Credentials sentinel = instance.deployment() instanceof Deployment.Sentinel deployment
                ? deployment.sentinelAccess().credentials()
                : Credentials.NONE;
        jdbc.sql("""
                insert into instance (id, project_id, name, uri, username, secret, sentinel_username, sentinel_secret,
                    node_map, created_at)
                values (:id, :projectId, :name, :uri, :username, :secret, :sentinelUsername, :sentinelSecret, :nodeMap,
                    :createdAt)
                """)
                .param("id", instance.id())
                .param("projectId", instance.projectId())
                .param("name", instance.name())
                .param("uri", instance.uri())
                .param("username", credentials.username())
                .param("secret", sealed(credentials, binding(instance.id())))
                .param("sentinelUsername", sentinel.username())
                .param("sentinelSecret", sealed(sentinel, sentinelBinding(instance.id())))
                .param("nodeMap", nodeMap(instance.deployment()).toString())
                .param("createdAt", instance.createdAt().atOffset(ZoneOffset.UTC))
                .update();
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

    void remove(UUID id) {
        jdbc.sql("delete from instance where id = :id").param("id", id).update();
    }

    void observe(UUID id, Observation seen) {
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
        return new Instance(
                id,
                row.getString("project_id"),
                row.getString("name"),
                uri,
                DeploymentUri.parse(
                        uri,
                        credentials(row, "", binding(id)),
                        credentials(row, "sentinel_", sentinelBinding(id)),
                        nodeMap(row)),
                observation(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Observation observation(ResultSet row) throws SQLException {
        OffsetDateTime checkedAt = row.getObject("checked_at", OffsetDateTime.class);
        if (checkedAt == null) {
            return null;
        }
        Instant at = checkedAt.toInstant();
        return new Observation(
                row.getString("flavour"),
                row.getString("version"),
                row.getObject("used_memory", Long.class),
                row.getObject("max_memory", Long.class),
                row.getObject("shards", Integer.class),
                row.getString("problem"),
                at);
    }

    private @Nullable String sealed(Credentials credentials, String binding) {
        String password = credentials.password();
        return password == null ? null : secrets.seal(password, binding);
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

    private static NodeMap nodeMap(Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server -> NodeMap.NONE;
            case Deployment.Sentinel sentinel -> sentinel.nodeMap();
            case Deployment.Cluster cluster -> cluster.nodeMap();
        };
    }

    private static String sentinelBinding(UUID id) {
        return "sentinel:" + id;
    }

    private static String binding(UUID id) {
        return "instance:" + id;
    }
}
