package io.keysweep.server.notify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Describes the instance of an event and the webhooks that receive a notice of it.
 *
 * @param projectId the project of the instance
 * @param instanceName the name of the instance
 * @param webhooks ids of the webhooks, at least one
 */
record NoticeAudience(String projectId, String instanceName, List<UUID> webhooks) {

    /** The SQL condition that a webhook is enabled and subscribed to {@code :event}, see {@link #eventPattern}. */
    static final String IS_SUBSCRIBED = "webhook.enabled and ' ' || webhook.events || ' ' like :event";

    /** Selects the webhooks subscribed to {@code :event} at {@code :instanceId}; conditions can be appended. */
    static final String SELECT_SUBSCRIBED = "select instance.project_id, instance.name, webhook.id from instance"
            + " join webhook on webhook.project_id = instance.project_id where instance.id = :instanceId and "
            + IS_SUBSCRIBED;

    private record Row(String projectId, String instanceName, UUID webhook) {}

    /** Runs {@link #SELECT_SUBSCRIBED}; returns empty if no webhook is subscribed. */
    static Optional<NoticeAudience> query(JdbcClient.StatementSpec select) {
        List<Row> rows = select.query(
                        (row, number) -> new Row(row.getString(1), row.getString(2), row.getObject(3, UUID.class)))
                .list();
        return rows.stream()
                .findFirst()
                .map(first -> new NoticeAudience(
                        first.projectId(),
                        first.instanceName(),
                        rows.stream().map(Row::webhook).toList()));
    }

    /** Returns the value of {@code :event}, a LIKE pattern that matches the type's name in the list of a webhook. */
    static String eventPattern(NoticeType type) {
        return "% " + type.wireName() + " %";
    }
}
