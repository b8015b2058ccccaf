package io.keysweep.server.policy;

import io.keysweep.server.request.EntityTag;
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

/** Policies in SQL. The one of an instance stands in for the whole of its project's. */
@Repository
public class PolicyStore {

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final InstantSource clock;

    /** Over a database; {@code events} hears of every change. */
    public PolicyStore(JdbcClient jdbc, ApplicationEventPublisher events, InstantSource clock) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    /** The default of a project. */
    public Optional<Policy> ofProject(PolicyKind kind, String projectId) {
        return jdbc.sql("select false as exception, document, set_by, set_at from project_policy"
                        + " where project_id = :projectId and kind = :kind and document is not null")
                .param("projectId", projectId)
                .param("kind", kind.wireName())
                .query((row, number) -> row(row))
                .optional();
    }

    /** The defaults of all projects that have one. */
    public Map<String, Policy> ofProjects(PolicyKind kind) {
        Map<String, Policy> found = new HashMap<>();
        jdbc.sql("select project_id, false as exception, document, set_by, set_at from project_policy"
                        + " where kind = :kind and document is not null")
                .param("kind", kind.wireName())
                .query((ResultSet row) -> {
                    found.put(row.getString("project_id"), row(row));
                });
        return found;
    }

    /** What holds for an instance: its own, else its project's. */
    public Optional<Policy> of(PolicyKind kind, UUID instanceId) {
        return Optional.ofNullable(of(kind, List.of(instanceId)).get(instanceId));
    }

    /** What holds for each of those instances; one without any policy is not in the map. */
    public Map<UUID, Policy> of(PolicyKind kind, Collection<UUID> instanceIds) {
        Map<UUID, Policy> found = new HashMap<>();
        if (!instanceIds.isEmpty()) {
            select(kind, "instance.id in (:ids)", Map.of("ids", instanceIds), found);
        }
        return found;
    }

    /** What holds for each instance that has a policy of that kind. */
    public Map<UUID, Policy> all(PolicyKind kind) {
        Map<UUID, Policy> found = new HashMap<>();
        select(kind, "true", Map.of(), found);
        return found;
    }

    private void select(PolicyKind kind, String which, Map<String, ?> params, Map<UUID, Policy> found) {
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
                        """ + which).param("kind", kind.wireName()).params(params).query((ResultSet row) -> {
            found.put(row.getObject("id", UUID.class), row(row));
        });
    }

    /** What holds for an owner. */
    Optional<Policy> find(PolicyKind kind, PolicyOwner owner) {
        return owner.instanceId() == null ? ofProject(kind, owner.projectId()) : of(kind, owner.instanceId());
    }

    /** The version of an owner's own policy, raised by every change; 0 if it never had one. */
    public int version(PolicyKind kind, PolicyOwner owner) {
        return jdbc.sql("select version from " + owner.table() + where(owner))
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /**
     * Sets the policy of an owner.
     *
     * @param expected the version that the caller has seen, 0 for none yet; null for any
     * @return its version now
     * @throws io.keysweep.server.error.RequestRefusedException if it has another version by now
     */
    @Transactional
    public int set(PolicyKind kind, PolicyOwner owner, String document, String by, @Nullable Integer expected) {
        int version = locked(kind, owner, expected);
        jdbc.sql(
                        version == 0
                                ? "insert into " + owner.table() + " (" + owner.column()
                                        + ", kind, document, set_by, set_at, version)"
                                        + " values (:owner, :kind, :document, :by, :at, 1)"
                                : "update " + owner.table()
                                        + " set document = :document, set_by = :by, set_at = :at, version = version + 1"
                                        + where(owner))
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .param("document", document)
                .param("by", by)
                .param("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                .update();
        tell(kind, owner);
        return version + 1;
    }

    /**
     * Removes the policy of an owner, so that an instance follows its project; nothing happens if there is none.
     *
     * @param expected the version that the caller has seen; null for any
     * @throws io.keysweep.server.error.RequestRefusedException if it has another version by now
     */
    @Transactional
    public void remove(PolicyKind kind, PolicyOwner owner, @Nullable Integer expected) {
        locked(kind, owner, expected);
        jdbc.sql("update " + owner.table() + " set document = null, version = version + 1" + where(owner)
                        + " and document is not null")
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .update();
        tell(kind, owner);
    }

    /** The version, which nobody else changes until the end of the transaction: whoever holds the owner's row is alone. */
    private int locked(PolicyKind kind, PolicyOwner owner, @Nullable Integer expected) {
        jdbc.sql("select name from " + owner.ownTable() + " where id = :owner for update")
                .param("owner", owner.id())
                .query(String.class)
                .optional();
        int version = version(kind, owner);
        if (expected != null && expected != version) {
            throw EntityTag.stale(expected, version, kind.named());
        }
        return version;
    }

    private void tell(PolicyKind kind, PolicyOwner owner) {
        events.publishEvent(new PolicyChanged(kind, owner.projectId(), owner.instanceId()));
    }

    private static String where(PolicyOwner owner) {
        return " where " + owner.column() + " = :owner and kind = :kind";
    }

    private static Policy row(ResultSet row) throws SQLException {
        return new Policy(
                row.getString("document"),
                row.getBoolean("exception"),
                row.getString("set_by"),
                row.getObject("set_at", OffsetDateTime.class).toInstant());
    }
}
