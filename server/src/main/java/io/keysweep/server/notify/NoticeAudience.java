package io.keysweep.server.notify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Names the webhooks that receive a notice of an event, with the project and the name of the event's instance.
 *
 * <p>A webhook is a URL that receives the events of a project; a notice is the message about one event. An instance is
 * a server, Sentinel deployment or cluster that the project has registered.
 *
 * @param projectId the project of the instance
 * @param instanceName the name of the instance
 * @param webhooks the ids of the webhooks, at least one
 */
record NoticeAudience(String projectId, String instanceName, List<UUID> webhooks) {

    /**
     * The SQL condition that a webhook is enabled and receives an event. The column {@code events} contains {@link
     * NoticeType#ALL_EVENTS}, or names with spaces between them, such as {@code "scan.failed scan.held"}. The condition
     * adds a space at both ends, so that the parameter {@code :event}, an {@link #eventPattern}, matches complete names
     * only.
     */
    static final String IS_SUBSCRIBED = "webhook.enabled and (webhook.events = '" + NoticeType.ALL_EVENTS
            + "' or ' ' || webhook.events || ' ' like :event)";

    /**
     * Selects the webhooks that receive {@code :event} about the instance {@code :instanceId}. The text ends with a
     * condition, so another condition can be appended, such as {@code " and …"}.
     */
    static final String SELECT_SUBSCRIBED = "select instance.project_id, instance.name, webhook.id from instance"
            + " join webhook on webhook.project_id = instance.project_id where instance.id = :instanceId and "
            + IS_SUBSCRIBED;

    /** Represents one row of {@link #SELECT_SUBSCRIBED}. */
    private record SubscribedWebhook(String projectId, String instanceName, UUID webhook) {}

    /**
     * Runs {@link #SELECT_SUBSCRIBED}, to which the caller may have appended conditions. The caller has set the
     * parameters. Returns empty if no webhook receives the event.
     */
    static Optional<NoticeAudience> query(JdbcClient.StatementSpec select) {
        List<SubscribedWebhook> rows = select.query((row, number) ->
                        new SubscribedWebhook(row.getString(1), row.getString(2), row.getObject(3, UUID.class)))
                .list();
        return rows.stream()
                .findFirst()
                .map(firstRow -> new NoticeAudience(
                        firstRow.projectId(),
                        firstRow.instanceName(),
                        rows.stream().map(SubscribedWebhook::webhook).toList()));
    }

    /** Returns the value of {@code :event}: a LIKE pattern such as {@code "% scan.failed %"}. */
    static String eventPattern(NoticeType type) {
        return "% " + type.wireName() + " %";
    }
}
