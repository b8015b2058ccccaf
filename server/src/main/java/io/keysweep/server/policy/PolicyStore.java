package io.keysweep.server.policy;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.InstanceTags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads and writes policies in SQL, and publishes a {@link PolicyChanged} after every set and remove.
 *
 * <p>A policy is a JSON document of settings, such as a budget or windows (times of the week when sweeps may run). A
 * project sets it as the default of its instances; an instance can set an exception. The owner of a policy is the
 * project or the instance.
 *
 * <p>The policy of an instance completely replaces the policy of its project. Only ceilings are merged, see {@link
 * #findLayers}. Every change raises the version of the owner's policy, which is its ETag in the native API. The row of
 * a removed policy is kept without its document, because it contains the version. Thread-safe.
 */
@Repository
public class PolicyStore {

    private final JdbcClient jdbc;
    private final PolicyVersions versions;
    private final ApplicationEventPublisher events;
    private final InstantSource clock;

    public PolicyStore(
            JdbcClient jdbc, InstanceStore instances, ApplicationEventPublisher events, InstantSource clock) {
        this.jdbc = jdbc;
        this.versions = new PolicyVersions(jdbc, instances);
        this.events = events;
        this.clock = clock;
    }

    /** Returns the policy of a project, which is the default of its instances; empty for none. */
    public Optional<Policy> findForProject(PolicyKind kind, String projectId) {
        return jdbc.sql("select false as exception, document, set_by, set_at from project_policy"
                        + " where project_id = :projectId and kind = :kind and document is not null")
                .param("projectId", projectId)
                .param("kind", kind.wireName())
                .query((row, number) -> readPolicy(row))
                .optional();
    }

    /** Returns the policies of all projects that have one, by project id. */
    public Map<String, Policy> findForAllProjects(PolicyKind kind) {
        Map<String, Policy> policies = new HashMap<>();
        jdbc.sql("select project_id, false as exception, document, set_by, set_at from project_policy"
                        + " where kind = :kind and document is not null")
                .param("kind", kind.wireName())
                .query((ResultSet row) -> {
                    policies.put(row.getString("project_id"), readPolicy(row));
                });
        return policies;
    }

    /**
     * Returns the policy that applies to an instance: its own policy, or else the policy of its project. Returns empty
     * if there is neither, or no such instance.
     */
    public Optional<Policy> findForInstance(PolicyKind kind, UUID instanceId) {
        return Optional.ofNullable(findForInstances(kind, List.of(instanceId)).get(instanceId));
    }

    /**
     * Returns the policies that apply to instances, by instance id. An instance without any policy is not in the map.
     *
     * @param instanceIds ids of instances; may be empty
     */
    public Map<UUID, Policy> findForInstances(PolicyKind kind, Collection<UUID> instanceIds) {
        return instanceIds.isEmpty() ? Map.of() : select(kind, "instance.id in (:ids)", Map.of("ids", instanceIds));
    }

    /**
     * Returns the policies that apply to all instances of all projects, by instance id. An instance without any policy
     * is not in the map.
     */
    public Map<UUID, Policy> findForAllInstances(PolicyKind kind) {
        return select(kind, "true", Map.of());
    }

    /**
     * Returns the policies that apply to the instances that an SQL condition selects, by instance id. All columns come
     * from the instance's own policy if it has one, and otherwise from the policy of the project.
     *
     * @param condition SQL condition on the table {@code instance}, with named parameters
     * @param params values of the parameters in {@code condition}
     */
    private Map<UUID, Policy> select(PolicyKind kind, String condition, Map<String, ?> params) {
        Map<UUID, Policy> policies = new HashMap<>();
        jdbc.sql("""
                        select instance.id, own.document is not null as exception,
                            coalesce(own.document, project.document) as document,
                            coalesce(own.set_by, project.set_by) as set_by,
                            coalesce(own.set_at, project.set_at) as set_at
                        from instance
                        left join instance_policy own on own.instance_id = instance.id and own.kind = :kind
                            and own.document is not null
                        left join project_policy project
                            on project.project_id = instance.project_id and project.kind = :kind
                        where coalesce(own.document, project.document) is not null and
                        """ + condition).param("kind", kind.wireName()).params(params).query((ResultSet row) -> {
            policies.put(row.getObject("id", UUID.class), readPolicy(row));
        });
        return policies;
    }

    /**
     * Returns for each instance its own policy, the policy of its project and its tags, by instance id. An id without
     * an instance is not in the map. This method is for kinds of policies that are merged, such as ceilings.
     *
     * @param instanceIds ids of instances; may be empty
     */
    public Map<UUID, PolicyLayers> findLayers(PolicyKind kind, Collection<UUID> instanceIds) {
        Map<UUID, PolicyLayers> layers = new HashMap<>();
        if (instanceIds.isEmpty()) {
            return layers;
        }
        jdbc.sql("""
                        select instance.id, instance.tags, own.document as own_document,
                            project.document as project_document
                        from instance
                        left join instance_policy own on own.instance_id = instance.id and own.kind = :kind
                        left join project_policy project
                            on project.project_id = instance.project_id and project.kind = :kind
                        where instance.id in (:ids)
                        """).param("kind", kind.wireName()).param("ids", instanceIds).query((ResultSet row) -> {
            layers.put(
                    row.getObject("id", UUID.class),
                    new PolicyLayers(
                            row.getString("project_document"),
                            row.getString("own_document"),
                            InstanceTags.ofJson(row.getString("tags"))));
        });
        return layers;
    }

    /** Returns the policy that an owner has set itself; empty for none. */
    public Optional<Policy> findOwn(PolicyKind kind, PolicyOwner owner) {
        return owner.instanceId() == null
                ? findForProject(kind, owner.projectId())
                : findForInstance(kind, owner.instanceId()).filter(Policy::ofInstance);
    }

    /** Returns the policy that applies to a project or an instance; empty for none. */
    Optional<Policy> findFor(PolicyKind kind, PolicyOwner owner) {
        return owner.instanceId() == null
                ? findForProject(kind, owner.projectId())
                : findForInstance(kind, owner.instanceId());
    }

    /**
     * Returns the version of the policy that an owner has set itself, 0 if the owner never set one. Every change, also
     * a removal, raises the version by 1.
     */
    public int version(PolicyKind kind, PolicyOwner owner) {
        return versions.find(kind, owner);
    }

    /**
     * Sets the policy of an owner, reports the change to the audit log, and returns the new version. Changes of the
     * policies of one owner wait for each other.
     *
     * @param document the policy as JSON, already checked
     * @param setBy the id of the access key that sets the policy
     * @param expected the version that the caller has read, 0 if there was no policy; null to replace any version
     * @throws RequestRefusedException if another request has changed the version, or removed the owner
     */
    @Transactional
    public int set(PolicyKind kind, PolicyOwner owner, String document, String setBy, @Nullable Integer expected) {
        int version = versions.lock(kind, owner, expected);
        AuditFields before = ownDocument(kind, owner);
        jdbc.sql(
                        version == 0
                                ? "insert into " + owner.table() + " (" + owner.column()
                                        + ", kind, document, set_by, set_at, version)"
                                        + " values (:owner, :kind, :document, :setBy, :setAt, 1)"
                                : "update " + owner.table()
                                        + " set document = :document, set_by = :setBy, set_at = :setAt, version = version + 1"
                                        + owner.condition())
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .param("document", document)
                .param("setBy", setBy)
                .param("setAt", clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                .update();
        AuditTrail.change(auditResource(kind, owner), before, new AuditFields().withJson("document", document));
        publishChange(kind, owner);
        return version + 1;
    }

    /**
     * Sets the policy of an owner with {@link #set}, and returns the policy as it was written. Both happen in one
     * transaction, so the result never contains a later change by another request.
     */
    @Transactional
    public StoredPolicy setAndFind(
            PolicyKind kind, PolicyOwner owner, String document, String setBy, @Nullable Integer expected) {
        int version = set(kind, owner, document, setBy, expected);
        return new StoredPolicy(findFor(kind, owner), version);
    }

    /**
     * Removes the policy of an owner; the policy of the project then applies to an instance. Reports the change to the
     * audit log. If the owner has no policy, nothing is changed, but the event is still published.
     *
     * @param expected the version that the caller has read; null to remove any version
     * @throws RequestRefusedException if another request has changed the version, or removed the owner
     */
    @Transactional
    public void remove(PolicyKind kind, PolicyOwner owner, @Nullable Integer expected) {
        versions.lock(kind, owner, expected);
        AuditFields before = ownDocument(kind, owner);
        // The row is kept without a document, so that the next version follows and no ETag is used twice.
        jdbc.sql("update " + owner.table() + " set document = null, version = version + 1" + owner.condition()
                        + " and document is not null")
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .update();
        if (before != null) {
            AuditTrail.removal(auditResource(kind, owner), before);
        }
        publishChange(kind, owner);
    }

    /** Returns the document that an owner has set itself, as a field for the audit log; null if it has set none. */
    private @Nullable AuditFields ownDocument(PolicyKind kind, PolicyOwner owner) {
        return jdbc.sql("select document from " + owner.table() + owner.condition() + " and document is not null")
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .query(String.class)
                .optional()
                .map(document -> new AuditFields().withJson("document", document))
                .orElse(null);
    }

    private static AuditResource auditResource(PolicyKind kind, PolicyOwner owner) {
        return new AuditResource(kind.wireName(), owner.id().toString(), /* name= */ null, owner.projectId());
    }

    private void publishChange(PolicyKind kind, PolicyOwner owner) {
        events.publishEvent(new PolicyChanged(kind, owner.projectId(), owner.instanceId()));
    }

    private static Policy readPolicy(ResultSet row) throws SQLException {
        return new Policy(
                row.getString("document"),
                row.getBoolean("exception"),
                row.getString("set_by"),
                row.getObject("set_at", OffsetDateTime.class).toInstant());
    }
}
