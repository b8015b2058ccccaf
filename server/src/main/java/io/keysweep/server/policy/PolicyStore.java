package io.keysweep.server.policy;

import io.keysweep.server.instance.Instance;
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
                        + " where project_id = :projectId and kind = :kind")
                .param("projectId", projectId)
                .param("kind", kind.wireName())
                .query((row, number) -> row(row))
                .optional();
    }

    /** The defaults of all projects that have one. */
    public Map<String, Policy> ofProjects(PolicyKind kind) {
        Map<String, Policy> found = new HashMap<>();
        jdbc.sql(
                        "select project_id, false as exception, document, set_by, set_at from project_policy where kind = :kind")
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
                        left join project_policy project
                            on project.project_id = instance.project_id and project.kind = :kind
                        where coalesce(own.document, project.document) is not null and
                        """ + which).param("kind", kind.wireName()).params(params).query((ResultSet row) -> {
            found.put(row.getObject("id", UUID.class), row(row));
        });
    }

    /** Sets the default of a project. */
    @Transactional
    public void setForProject(PolicyKind kind, String projectId, String document, String by) {
        // Whoever holds the owner's row is alone, so that two first settings at once are one after the other.
        jdbc.sql("select id from project where id = :owner for update")
                .param("owner", projectId)
                .query(String.class)
                .optional();
        set("project_policy", "project_id", projectId, kind, document, by);
        events.publishEvent(new PolicyChanged(kind, projectId, null));
    }

    /** Sets the exception of an instance. */
    @Transactional
    public void setForInstance(PolicyKind kind, Instance instance, String document, String by) {
        jdbc.sql("select id from instance where id = :owner for update")
                .param("owner", instance.id())
                .query(UUID.class)
                .optional();
        set("instance_policy", "instance_id", instance.id(), kind, document, by);
        events.publishEvent(new PolicyChanged(kind, instance.projectId(), instance.id()));
    }

    /** Removes the default of a project; nothing happens if there is none. */
    @Transactional
    public void removeFromProject(PolicyKind kind, String projectId) {
        remove("project_policy", "project_id", projectId, kind);
        events.publishEvent(new PolicyChanged(kind, projectId, null));
    }

    /** Removes the exception of an instance, which then follows its project; nothing happens if there is none. */
    @Transactional
    public void removeFromInstance(PolicyKind kind, Instance instance) {
        remove("instance_policy", "instance_id", instance.id(), kind);
        events.publishEvent(new PolicyChanged(kind, instance.projectId(), instance.id()));
    }

    private void set(String table, String owner, Object id, PolicyKind kind, String document, String by) {
        String update = "update " + table + " set document = :document, set_by = :by, set_at = :at where " + owner
                + " = :owner and kind = :kind";
        String insert = "insert into " + table + " (" + owner
                + ", kind, document, set_by, set_at) values (:owner, :kind, :document, :by, :at)";
        for (String sql : List.of(update, insert)) {
            int changed = jdbc.sql(sql)
                    .param("owner", id)
                    .param("kind", kind.wireName())
                    .param("document", document)
                    .param("by", by)
                    .param("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                    .update();
            if (changed == 1) {
                return;
            }
        }
    }

    private void remove(String table, String owner, Object id, PolicyKind kind) {
        jdbc.sql("delete from " + table + " where " + owner + " = :owner and kind = :kind")
                .param("owner", id)
                .param("kind", kind.wireName())
                .update();
    }

    private static Policy row(ResultSet row) throws SQLException {
        return new Policy(
                row.getString("document"),
                row.getBoolean("exception"),
                row.getString("set_by"),
                row.getObject("set_at", OffsetDateTime.class).toInstant());
    }
}
