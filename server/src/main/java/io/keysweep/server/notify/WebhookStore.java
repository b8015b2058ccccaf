package io.keysweep.server.notify;

import io.keysweep.server.iam.SecretBox;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Webhooks in SQL; their secrets are encrypted with the master key and bound to the webhook's id. */
@Repository
class WebhookStore {

    private final JdbcClient jdbc;
    private final SecretBox secrets;

    WebhookStore(JdbcClient jdbc, SecretBox secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    void insert(Webhook webhook, WebhookSecret secret) {
        terms(jdbc.sql("""
                insert into webhook (id, project_id, url, events, held_seconds, enabled, secret, version, created_by,
                    created_at)
                values (:id, :projectId, :url, :events, :held, :enabled, :secret, :version, :createdBy, :createdAt)
                """), webhook.terms())
                .param("id", webhook.id())
                .param("projectId", webhook.projectId())
                .param("secret", sealed(webhook.id(), secret))
                .param("version", webhook.version())
                .param("createdBy", webhook.createdBy())
                .param("createdAt", utc(webhook.createdAt()))
                .update();
    }

    /** The webhooks of a project, the oldest first. */
    List<Webhook> list(String projectId) {
        return jdbc.sql("select * from webhook where project_id = :projectId order by created_at, id")
                .param("projectId", projectId)
                .query((row, number) -> row(row))
                .list();
    }

    Optional<Webhook> find(String projectId, UUID id) {
        return find(id).filter(webhook -> webhook.projectId().equals(projectId));
    }

    /** The webhook with that id, whoever owns it; for the service's own work, never for a caller. */
    Optional<Webhook> find(UUID id) {
        return jdbc.sql("select * from webhook where id = :id")
                .param("id", id)
                .query((row, number) -> row(row))
                .optional();
    }

    /**
     * Replaces what people set.
     *
     * @param expected the version that the caller has seen, or null for any
     * @return false if it has another version by now, or is gone
     */
    boolean update(UUID id, WebhookSettings terms, @Nullable Integer expected) {
        return terms(
                                jdbc.sql("update webhook set url = :url, events = :events, held_seconds = :held,"
                                        + " enabled = :enabled, disabled_why = null, version = version + 1"
                                        + " where id = :id" + (expected == null ? "" : " and version = :expected")),
                                terms)
                        .param("id", id)
                        .param("expected", expected)
                        .update()
                == 1;
    }

    /** Signs with a new secret, and until a time with the present one as well. */
    void rotate(UUID id, WebhookSecret secret, Instant oldUntil) {
        jdbc.sql("update webhook set old_secret = secret, old_until = :until, secret = :secret,"
                        + " version = version + 1 where id = :id")
                .param("id", id)
                .param("secret", sealed(id, secret))
                .param("until", utc(oldUntil))
                .update();
    }

    /** Disables a webhook that its receiver no longer wants. */
    void disable(UUID id, String why) {
        jdbc.sql("update webhook set enabled = false, disabled_why = :why, version = version + 1 where id = :id")
                .param("id", id)
                .param("why", why)
                .update();
    }

    void remove(UUID id) {
        jdbc.sql("delete from webhook where id = :id").param("id", id).update();
    }

    /**
     * What to sign with now: the secret, and the one before as long as that is good.
     *
     * @throws io.keysweep.server.iam.SecretBoxException if they were encrypted with another master key
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

    /** Who is told what happens to an instance; empty if nobody is. */
    Optional<NoticeAudience> audience(UUID instanceId, NoticeType type) {
        return NoticeAudience.of(jdbc.sql(NoticeAudience.SELECT)
                .param("instanceId", instanceId)
                .param("event", NoticeAudience.pattern(type)));
    }

    private static JdbcClient.StatementSpec terms(JdbcClient.StatementSpec statement, WebhookSettings terms) {
        return statement
                .param("url", terms.url().toString())
                .param("events", String.join(" ", NoticeType.wireNames(terms.events())))
                .param("held", terms.heldLongerThan().toSeconds())
                .param("enabled", terms.enabled());
    }

    private String sealed(UUID id, WebhookSecret secret) {
        return secrets.seal(secret.text(), binding(id));
    }

    private static String binding(UUID id) {
        return "webhook:" + id;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Webhook row(ResultSet row) throws SQLException {
        OffsetDateTime oldUntil = row.getObject("old_until", OffsetDateTime.class);
        return new Webhook(
                row.getObject("id", UUID.class),
                row.getString("project_id"),
                new WebhookSettings(
                        URI.create(row.getString("url")),
                        Arrays.stream(row.getString("events").split(" "))
                                .map(NoticeType::event)
                                .collect(Collectors.toSet()),
                        Duration.ofSeconds(row.getLong("held_seconds")),
                        row.getBoolean("enabled")),
                row.getString("disabled_why"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("version"),
                oldUntil == null ? null : oldUntil.toInstant());
    }
}
