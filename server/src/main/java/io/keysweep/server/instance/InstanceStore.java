package io.keysweep.server.instance;

import io.keysweep.server.iam.ProjectLock;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.instance.RaisedServers.RaisedServer;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores instances (registered Redis servers and deployments) in the table {@code instance}, with encrypted secrets.
 *
 * <p>No other class writes to that table. A change of settings is also reported to the audit log. Methods that return
 * instances throw a {@code SecretBoxException} if a secret cannot be decrypted with the master key. Thread-safe.
 */
@Repository
public class InstanceStore {

    private final JdbcClient jdbc;
    private final InstanceColumns columns;
    private final ApplicationEventPublisher events;

    /**
     * Creates a store.
     *
     * @param secrets encrypts and decrypts passwords and private keys
     * @param events receives an {@link InstanceMoved} for each instance that is changed to lead to another server, and an
     *     {@link InstanceTagged} for each one whose tags are changed
     */
    public InstanceStore(JdbcClient jdbc, SecretBox secrets, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.columns = new InstanceColumns(secrets);
        this.events = events;
    }

    /**
     * Adds an instance, without the result of an inspection.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the project has an instance of that name, or if any
     *     project has an instance with that id
     */
    public void insert(Instance instance) {
        columns.bind(jdbc.sql("""
                                insert into instance (id, project_id, name, uri, username, secret, sentinel_username,
                                    sentinel_secret, node_map, tls_ca, tls_certificate, tls_secret, tags, assist, created_at)
                                values (:id, :projectId, :name, :uri, :username, :secret, :sentinelUsername,
                                    :sentinelSecret, :nodeMap, :tlsCa, :tlsCertificate, :tlsSecret, :tags,
                                    :assist, :createdAt)
                                """), instance.id(), instance.settings())
                .param("projectId", instance.projectId())
                .param("createdAt", utc(instance.createdAt()))
                .update();
        InstanceAudit.created(instance);
    }

    /**
     * Changes the settings of an instance and raises its revision by 1. If the new settings lead to another address,
     * this method deletes the result of the last inspection, because it describes another server. It also publishes an
     * {@link InstanceMoved}, so that other features delete their data about that server. If the tags change, it
     * publishes an {@link InstanceTagged}. Must be called in a transaction.
     *
     * @param previous the instance before the change; the caller must have locked its row
     * @param now becomes the time of the last change
     * @throws org.springframework.dao.DuplicateKeyException if the project has another instance of that name
     */
    public void update(Instance previous, InstanceSettings settings, Instant now) {
        boolean leadsElsewhere = settings.leadsElsewhere(previous);
        String deleteObservation = leadsElsewhere
                ? ", flavour = null, version = null, used_memory = null, max_memory = null,"
                        + " key_count = null, ttl_key_count = null, shards = null, replicas = null, problem = null,"
                        + " checked_at = null"
                : "";
        columns.bind(jdbc.sql("""
                                update instance set name = :name, uri = :uri, username = :username, secret = :secret,
                                    sentinel_username = :sentinelUsername, sentinel_secret = :sentinelSecret,
                                    node_map = :nodeMap, tls_ca = :tlsCa, tls_certificate = :tlsCertificate,
                                    tls_secret = :tlsSecret, tags = :tags, assist = :assist, updated_at = :now,
                                    revision = revision + 1
                                """ + deleteObservation + " where id = :id"), previous.id(), settings)
                .param("now", utc(now))
                .update();
        if (leadsElsewhere) {
            events.publishEvent(new InstanceMoved(previous.id()));
        }
        if (!settings.tags().equals(previous.tags())) {
            events.publishEvent(new InstanceTagged(previous.projectId(), previous.id()));
        }
        InstanceAudit.changed(previous, settings);
    }

    /**
     * Removes an instance without raised settings. The database removes its scans, policies and everything else that
     * refers to it.
     */
    public void remove(Instance instance) {
        remove(instance, List.of());
    }

    /**
     * Removes an instance, see {@link #remove(Instance)}.
     *
     * @param raisedServers the servers whose settings stay raised, for the audit log; usually none
     */
    void remove(Instance instance, List<RaisedServer> raisedServers) {
        jdbc.sql("delete from instance where id = :id")
                .param("id", instance.id())
                .update();
        InstanceAudit.removed(instance, raisedServers);
    }

    /**
     * Stores the result of an inspection. If the inspection could not read a value that changes rarely, such as the
     * version or the memory limit, the earlier value is kept. Used memory and
     * numbers of keys that could not be read become unknown (null).
     *
     * <p>Does nothing if the settings were changed, or the instance was removed, since the inspection began: the result
     * may describe another server. The result is no setting, so the method changes neither the revision nor the audit
     * log.
     *
     * @param inspected the instance as it was when the inspection began
     */
    void saveObservation(Instance inspected, InstanceObservation observation) {
        jdbc.sql("""
                update instance set flavour = coalesce(:flavour, flavour), version = coalesce(:version, version),
                    used_memory = :usedMemory, max_memory = coalesce(:maxMemory, max_memory),
                    key_count = :keys, ttl_key_count = :keysWithTtl,
                    shards = coalesce(:shards, shards), replicas = coalesce(:replicas, replicas),
                    problem = :problem, checked_at = :checkedAt
                where id = :id and revision = :revision
                """)
                .param("flavour", observation.flavour())
                .param("version", observation.version())
                .param("usedMemory", observation.usedMemory())
                .param("maxMemory", observation.maxMemory())
                .param("keys", observation.keys())
                .param("keysWithTtl", observation.keysWithTtl())
                .param("shards", observation.shards())
                .param("replicas", observation.replicas())
                .param("problem", observation.problem())
                .param("checkedAt", utc(observation.checkedAt()))
                .param("id", inspected.id())
                .param("revision", inspected.revision())
                .update();
    }

    /**
     * Removes the problem of an instance, because its servers have just been swept. Does nothing if the instance had no
     * problem when it was read, or if an inspection has stored a result since: that result is newer than the sweep.
     *
     * @param instanceAfterSweep the instance as it was read after the sweep
     */
    public void clearProblem(Instance instanceAfterSweep) {
        InstanceObservation observation = instanceAfterSweep.observation();
        if (observation == null || observation.problem() == null) {
            return;
        }
        jdbc.sql("update instance set problem = null"
                        + " where id = :id and problem = :problem and checked_at = :checkedAt")
                .param("id", instanceAfterSweep.id())
                .param("problem", observation.problem())
                .param("checkedAt", utc(observation.checkedAt()))
                .update();
    }

    /**
     * Locks the row of an instance until the transaction ends, and returns whether the instance exists. Waits while
     * another transaction has the lock. Changes of the instance's settings, policies, schedule and estimate, and the
     * creation of a scan, take this lock, so they happen one after another.
     */
    public boolean lock(UUID id) {
        return jdbc.sql("select id from instance where id = :id for update")
                .param("id", id)
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    /**
     * Returns an instance of a project, and locks its row until the transaction ends; see {@link #lock(UUID)}. Returns
     * empty if the project has no such instance.
     */
    public Optional<Instance> lock(String projectId, UUID id) {
        return jdbc.sql("select * from instance where id = :id and project_id = :projectId for update")
                .param("id", id)
                .param("projectId", projectId)
                .query((row, number) -> columns.read(row))
                .optional();
    }

    /**
     * Keeps other transactions from adding an instance to a project, and from deleting it, until the current
     * transaction ends.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    void lockProject(String projectId) {
        ProjectLock.takeOrRefuse(jdbc, projectId);
    }

    /**
     * Returns all instances of a project, ordered by name, and locks their rows until the transaction ends. Until then,
     * other transactions cannot add an instance to the project either.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    public List<Instance> lockAll(String projectId) {
        lockProject(projectId);
        return jdbc.sql("select * from instance where project_id = :projectId order by name for update")
                .param("projectId", projectId)
                .query((row, number) -> columns.read(row))
                .list();
    }

    /** Returns an instance of a project; empty if the project has no such instance. */
    public Optional<Instance> find(String projectId, UUID id) {
        return jdbc.sql("select * from instance where id = :id and project_id = :projectId")
                .param("id", id)
                .param("projectId", projectId)
                .query((row, number) -> columns.read(row))
                .optional();
    }

    /**
     * Returns an instance of any project, for work of the service itself. Requests of callers must use {@link
     * #find(String, UUID)}, because a caller may see its own project only.
     */
    public Optional<Instance> find(UUID id) {
        return jdbc.sql("select * from instance where id = :id")
                .param("id", id)
                .query((row, number) -> columns.read(row))
                .optional();
    }

    /** Returns the ids of the instances of all projects, for work of the service itself. */
    public List<UUID> ids() {
        return jdbc.sql("select id from instance order by id")
                .query((row, number) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Returns how many instances a project has. */
    int count(String projectId) {
        return jdbc.sql("select count(*) from instance where project_id = :projectId")
                .param("projectId", projectId)
                .query(Integer.class)
                .single();
    }

    /** Returns all instances of a project, ordered by name. */
    public List<Instance> list(String projectId) {
        return jdbc.sql("select * from instance where project_id = :projectId order by name")
                .param("projectId", projectId)
                .query((row, number) -> columns.read(row))
                .list();
    }

    /**
     * Returns a page of the instances of a project, ordered by name.
     *
     * @param part a text that the name contains, in upper or lower case; empty for all instances
     * @param offset the number of instances to skip
     * @param limit the maximum number of instances to return
     */
    public List<Instance> list(String projectId, String part, int offset, int limit) {
        // The condition is not LIKE, because % and _ would have a special meaning in the text.
        return jdbc.sql(
                        "select * from instance where project_id = :projectId and position(lower(:part) in lower(name)) > 0"
                                + " order by name limit :limit offset :offset")
                .param("projectId", projectId)
                .param("part", part)
                .param("offset", offset)
                .param("limit", limit)
                .query((row, number) -> columns.read(row))
                .list();
    }

    /** Returns the tags of all instances of a project by their ids. */
    Map<UUID, InstanceTags> tags(String projectId) {
        Map<UUID, InstanceTags> tags = new HashMap<>();
        jdbc.sql("select id, tags from instance where project_id = :projectId")
                .param("projectId", projectId)
                .query((ResultSet row) -> {
                    tags.put(row.getObject("id", UUID.class), InstanceTags.ofJson(row.getString("tags")));
                });
        return tags;
    }

    /**
     * Returns the names of instances of a project by their ids. An id of another project, or of a removed instance, is
     * not in the map.
     */
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

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
