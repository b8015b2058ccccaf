package io.keysweep.server.notify;

import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.iam.ProjectLock;
import io.keysweep.server.iam.SecretBox;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores webhooks (URLs that receive the events of projects) in the table {@code webhook}.
 *
 * <p>Each webhook has a secret that signs its notices. After a replacement, the previous secret also signs for 24
 * hours. Both are encrypted with the master key of the service and bound to the id of the webhook. A copy in another
 * row can therefore not be decrypted. Thread-safe.
 */
@Repository
class WebhookStore {

    private final JdbcClient jdbc;
    private final SecretBox secrets;

    /** The end of a query that keeps its rows from being removed until the current transaction ends. */
    private final String lockClause;

    @Autowired
    WebhookStore(JdbcClient jdbc, SecretBox secrets, ServiceSettings settings) {
        this(jdbc, secrets, settings.sharedDatabase());
    }

    /**
     * Creates a store.
     *
     * @param isPostgres whether the database is PostgreSQL, and not H2, which knows no shared locks of rows
     */
    WebhookStore(JdbcClient jdbc, SecretBox secrets, boolean isPostgres) {
        this.jdbc = jdbc;
        this.secrets = secrets;
        this.lockClause = isPostgres ? "for key share" : "for update";
    }

    /**
     * Keeps other transactions from adding a webhook to a project, and from deleting it, until the current transaction
     * ends.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the project was deleted
     */
    void lockProject(String projectId) {
        ProjectLock.takeOrRefuse(jdbc, projectId);
    }

    /** Adds a webhook with its secret. */
    void insert(Webhook webhook, WebhookSecret secret) {
        bindSettings(jdbc.sql("""
                insert into webhook (id, project_id, url, events, held_seconds, enabled, secret, version, created_by,
                    created_at)
                values (:id, :projectId, :url, :events, :held, :enabled, :secret, :version, :createdBy, :createdAt)
                """), webhook.settings())
                .param("id", webhook.id())
                .param("projectId", webhook.projectId())
                .param("secret", encrypt(webhook.id(), secret))
                .param("version", webhook.version())
                .param("createdBy", webhook.createdBy())
                .param("createdAt", utc(webhook.createdAt()))
                .update();
    }

    /** Returns the webhooks of a project, the oldest first. */
    List<Webhook> list(String projectId) {
        return jdbc.sql("select * from webhook where project_id = :projectId order by created_at, id")
                .param("projectId", projectId)
                .query((row, number) -> readWebhook(row))
                .list();
    }

    /** Returns a webhook of a project; empty if the project has no such webhook. */
    Optional<Webhook> find(String projectId, UUID id) {
        return find(id).filter(webhook -> webhook.projectId().equals(projectId));
    }

    /** Returns a webhook of any project, for work of the service itself. A caller may see its own project only. */
    Optional<Webhook> find(UUID id) {
        return jdbc.sql("select * from webhook where id = :id")
                .param("id", id)
                .query((row, number) -> readWebhook(row))
                .optional();
    }

    /**
     * Replaces the settings of a webhook and deletes the reason why the service had disabled it. Raises the version by
     * 1.
     *
     * @param expected the version that the caller has read, or null to replace any version
     * @return false if the webhook has another version or no longer exists
     */
    boolean update(UUID id, WebhookSettings settings, @Nullable Integer expected) {
        return bindSettings(
                                jdbc.sql("update webhook set url = :url, events = :events, held_seconds = :held,"
                                        + " enabled = :enabled, disabled_why = null, version = version + 1"
                                        + " where id = :id" + (expected == null ? "" : " and version = :expected")),
                                settings)
                        .param("id", id)
                        .param("expected", expected)
                        .update()
                == 1;
    }

    /**
     * Replaces the secret of a webhook and raises the version by 1. A secret that was replaced before is dropped. Does
     * nothing if the webhook does not exist.
     *
     * @param oldUntil until when notices are also signed with the current secret
     */
    void rotate(UUID id, WebhookSecret secret, Instant oldUntil) {
        jdbc.sql("update webhook set old_secret = secret, old_until = :until, secret = :secret,"
                        + " version = version + 1 where id = :id")
                .param("id", id)
                .param("secret", encrypt(id, secret))
                .param("until", utc(oldUntil))
                .update();
    }

    /**
     * Disables a webhook, because its receiver refuses notices, and raises the version by 1. Does nothing if the
     * webhook was changed since it was read: the refusal may have come from a URL that the webhook no longer has.
     *
     * @param webhook the webhook as it was when the notice was sent
     * @param reason the reason that users see
     * @return false if the webhook was changed or removed since it was read
     */
    boolean disable(Webhook webhook, String reason) {
        return jdbc.sql("update webhook set enabled = false, disabled_why = :reason, version = version + 1"
                                + " where id = :id and version = :version")
                        .param("id", webhook.id())
                        .param("version", webhook.version())
                        .param("reason", reason)
                        .update()
                == 1;
    }

    /**
     * Keeps webhooks from being removed until the current transaction ends, and returns the ids of the webhooks that
     * exist. Waits for other transactions that remove them. On PostgreSQL, several transactions can have this lock at
     * the same time, so that scans of one project can end together.
     *
     * @param ids at least one id
     */
    List<UUID> lock(Collection<UUID> ids) {
        // All transactions lock the webhooks in the same order, so that two of them do not wait for each other.
        return jdbc.sql("select id from webhook where id in (:ids) order by id " + lockClause)
                .param("ids", ids)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /** Deletes a webhook with its deliveries; returns false if it does not exist. */
    boolean remove(UUID id) {
        return jdbc.sql("delete from webhook where id = :id").param("id", id).update() == 1;
    }

    /**
     * Returns the secrets that sign notices at a moment: the current secret, then the previous one while it is valid.
     * Returns none if the webhook does not exist.
     *
     * @throws io.keysweep.server.iam.SecretBoxException if the secrets were encrypted with another master key
     */
    List<WebhookSecret> secrets(UUID id, Instant now) {
        return jdbc
                .sql("select secret, case when old_until > :now then old_secret end as old_secret from webhook"
                        + " where id = :id")
                .param("id", id)
                .param("now", utc(now))
                .query((row, number) -> Stream.of(
                                Optional.of(row.getString("secret")), Optional.ofNullable(row.getString("old_secret")))
                        .flatMap(Optional::stream)
                        .toList())
                .list()
                .stream()
                .flatMap(List::stream)
                .map(text -> new WebhookSecret(secrets.open(text, binding(id))))
                .toList();
    }

    /** Returns the webhooks that receive a type of notice about an instance; empty if there are none. */
    Optional<NoticeAudience> audience(UUID instanceId, NoticeType type) {
        return NoticeAudience.query(jdbc.sql(NoticeAudience.SELECT_SUBSCRIBED)
                .param("instanceId", instanceId)
                .param("event", NoticeAudience.eventPattern(type)));
    }

    /** Sets the parameters for all columns of the settings. */
    private static JdbcClient.StatementSpec bindSettings(JdbcClient.StatementSpec statement, WebhookSettings settings) {
        return statement
                .param("url", settings.url().toString())
                .param("events", NoticeType.toColumn(settings.events()))
                .param("held", settings.heldThreshold().toSeconds())
                .param("enabled", settings.enabled());
    }

    private String encrypt(UUID id, WebhookSecret secret) {
        return secrets.seal(secret.text(), binding(id));
    }

    /** Returns the text that binds an encrypted secret to its row; see {@link SecretBox#seal}. */
    private static String binding(UUID id) {
        return "webhook:" + id;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Webhook readWebhook(ResultSet row) throws SQLException {
        OffsetDateTime oldUntil = row.getObject("old_until", OffsetDateTime.class);
        return new Webhook(
                row.getObject("id", UUID.class),
                row.getString("project_id"),
                new WebhookSettings(
                        URI.create(row.getString("url")),
                        NoticeType.fromColumn(row.getString("events")),
                        Duration.ofSeconds(row.getLong("held_seconds")),
                        row.getBoolean("enabled")),
                row.getString("disabled_why"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("version"),
                oldUntil == null ? null : oldUntil.toInstant());
    }
}
