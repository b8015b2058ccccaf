package io.keysweep.server.notify;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates, changes and removes webhooks, and reports each change to the audit log.
 *
 * <p>A webhook is a URL to which the service sends the events of a project. The calling code checks that the caller may
 * manage webhooks. Thread-safe.
 */
@Service
class Webhooks {

    /**
     * The time for which notices are signed with the old secret and the new one after a replacement. In this time,
     * users can configure the new secret at the receiver.
     */
    static final Duration OLD_SECRET_VALIDITY = Duration.ofHours(24);

    /** The maximum number of webhooks of a project. Each event is stored and sent once for each of them. */
    static final int MAX_WEBHOOKS = 100;

    private final WebhookStore store;
    private final IdempotencyStore idempotency;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Webhooks(WebhookStore store, IdempotencyStore idempotency, TransactionTemplate transaction, InstantSource clock) {
        this.store = store;
        this.idempotency = idempotency;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Combines a webhook with its secret, for the one response that shows the secret to the caller.
     *
     * @param secret the secret; null in the response to a repeated create request, which shows none
     */
    record WebhookWithSecret(Webhook webhook, @Nullable WebhookSecret secret) {}

    /**
     * Creates a webhook. If an earlier request with the same idempotency key has created one, returns that webhook
     * without its secret.
     *
     * @param key the idempotency key of the request, or null if it has none
     * @throws RequestRefusedException if the key was used for a request with another body, or if the project can have
     *     no more webhooks
     */
    WebhookWithSecret create(Caller caller, WebhookSettings settings, @Nullable IdempotencyKey key) {
        Optional<WebhookWithSecret> earlierWebhook = findEarlier(caller, key);
        if (earlierWebhook.isPresent()) {
            return earlierWebhook.get();
        }
        WebhookSecret secret = WebhookSecret.generate();
        Webhook webhook = new Webhook(
                UUID.randomUUID(),
                caller.projectId(),
                settings,
                /* disabledReason= */ null,
                caller.accessKey(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                /* version= */ 0,
                /* oldSecretUntil= */ null);
        try {
            transaction.executeWithoutResult(status -> {
                requireWithinQuota(caller.projectId());
                store.insert(webhook, secret);
                idempotency.remember(caller.projectId(), key, webhook.id());
                WebhookAudit.changed(/* before= */ null, webhook);
            });
            return new WebhookWithSecret(webhook, secret);
        } catch (DuplicateKeyException e) {
            // The same request arrived twice at the same time, and the other one created the webhook first.
            return findEarlier(caller, key).orElseThrow(() -> e);
        }
    }

    /** Refuses another webhook if the project has as many as it can. Must be called in the transaction that adds it. */
    private void requireWithinQuota(String projectId) {
        // Without the lock, requests at the same time could exceed the quota together.
        store.lockProject(projectId);
        if (store.list(projectId).size() >= MAX_WEBHOOKS) {
            throw RequestRefusedException.quota("A project can have {0} webhooks at most.", MAX_WEBHOOKS);
        }
    }

    /** Returns the webhook that an earlier request created, without its secret; empty if there is none. */
    private Optional<WebhookWithSecret> findEarlier(Caller caller, @Nullable IdempotencyKey key) {
        return idempotency
                .findEarlier(caller.projectId(), key, id -> store.find(caller.projectId(), id))
                .map(webhook -> new WebhookWithSecret(webhook, /* secret= */ null));
    }

    /** Returns the webhooks of the caller's project, the oldest first. */
    List<Webhook> list(Caller caller) {
        return store.list(caller.projectId());
    }

    /**
     * Returns a webhook of the caller's project.
     *
     * @throws RequestRefusedException if the project has no webhook with that id
     */
    Webhook find(Caller caller, String id) {
        // The ids of webhooks and instances are UUIDs, so the parser of instance ids reads the id of a webhook.
        return InstanceId.parse(id)
                .flatMap(uuid -> store.find(caller.projectId(), uuid))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_WEBHOOK));
    }

    /**
     * Replaces the settings of a webhook, and returns the webhook with the new settings and version.
     *
     * @param expected the version that the caller has read, or null to replace any version
     * @throws RequestRefusedException if another request has changed the version, or the webhook no longer exists
     */
    Webhook update(Webhook webhook, WebhookSettings settings, @Nullable Integer expected) {
        // The update locks the row until the transaction ends, so reload reads the settings that were just written.
        return Objects.requireNonNull(transaction.execute(status -> {
            boolean wasUpdated = store.update(webhook.id(), settings, expected);
            Webhook currentWebhook = reload(webhook.id());
            if (!wasUpdated) {
                throw EntityTag.stale(expected, currentWebhook.version(), "the webhook");
            }
            WebhookAudit.changed(webhook, currentWebhook);
            return currentWebhook;
        }));
    }

    /**
     * Replaces the secret of a webhook, and returns the webhook with the new secret. For {@link #OLD_SECRET_VALIDITY},
     * notices are signed with both secrets.
     *
     * @throws RequestRefusedException if the webhook no longer exists
     */
    WebhookWithSecret rotate(Webhook webhook) {
        WebhookSecret secret = WebhookSecret.generate();
        Instant oldUntil = clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(OLD_SECRET_VALIDITY);
        return Objects.requireNonNull(transaction.execute(status -> {
            store.rotate(webhook.id(), secret, oldUntil);
            Webhook webhookWithNewSecret = reload(webhook.id());
            WebhookAudit.rotated(webhook);
            return new WebhookWithSecret(webhookWithNewSecret, secret);
        }));
    }

    /**
     * Removes a webhook with all its deliveries, including pending deliveries.
     *
     * @throws RequestRefusedException if the webhook was removed in the meantime
     */
    void remove(Webhook webhook) {
        if (!store.remove(webhook.id())) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_WEBHOOK);
        }
        WebhookAudit.changed(webhook, /* after= */ null);
    }

    /** Reads a webhook again after a change; refuses the request if the webhook was removed in the meantime. */
    private Webhook reload(UUID id) {
        return store.find(id).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_WEBHOOK));
    }
}
