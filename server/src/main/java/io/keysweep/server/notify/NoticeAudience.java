package io.keysweep.server.notify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The instance that something happened to, and who is to be told.
 *
 * @param projectId whose it is
 * @param instanceName its name
 * @param webhooks ids of the webhooks that are told
 */
record NoticeAudience(String projectId, String instanceName, List<UUID> webhooks) {

    /** Whether a webhook is told of {@code :event}, see {@link #pattern}. */
    static final String IS_TOLD = "webhook.enabled and ' ' || webhook.events || ' ' like :event";

    /** The webhooks that are told of {@code :event} at {@code :instanceId}; more conditions may follow. */
    static final String SELECT = "select instance.project_id, instance.name, webhook.id from instance"
            + " join webhook on webhook.project_id = instance.project_id where instance.id = :instanceId and "
            + IS_TOLD;

    private record Row(String projectId, String instanceName, UUID webhook) {}

    /** What {@link #SELECT} finds; empty if nobody is told. */
    static Optional<NoticeAudience> of(JdbcClient.StatementSpec select) {
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

    static String pattern(NoticeType type) {
        return "% " + type.wireName() + " %";
    }
}
