package io.keysweep.server.notify;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes, changes and removes webhooks. Safe to share. */
@Service
class Webhooks {

    /** A secret that was replaced signs as well for so long. */
    static final Duration OLD_SECRET = Duration.ofHours(24);

    private final WebhookStore store;
    private final IdempotencyStore keys;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Webhooks(WebhookStore store, IdempotencyStore keys, TransactionTemplate transaction, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** A webhook and its secret, which nobody is shown again. */
    record Signed(Webhook webhook, WebhookSecret secret) {}

    /**
     * Makes a webhook, or finds the one that the same request has made, with the secret that it has by now.
     *
     * @param key null for a request that makes one each time it comes
     * @throws RequestRefusedException if the key was used for another request
     */
    Signed create(Caller caller, WebhookSettings terms, @Nullable IdempotencyKey key) {
        Optional<Signed> earlier = earlier(caller, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        WebhookSecret secret = WebhookSecret.generate();
        Webhook webhook = new Webhook(
                UUID.randomUUID(),
                caller.projectId(),
                terms,
                null,
                caller.accessKey(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                /* version= */ 0,
                null);
        try {
            transaction.executeWithoutResult(status -> {
                store.insert(webhook, secret);
                keys.remember(caller.projectId(), key, webhook.id());
            });
            return new Signed(webhook, secret);
        } catch (DuplicateKeyException e) {
            // The same request has come in twice at once, and the other was quicker.
            return earlier(caller, key).orElseThrow(() -> e);
        }
    }

    private Optional<Signed> earlier(Caller caller, @Nullable IdempotencyKey key) {
        return keys.findEarlier(caller.projectId(), key, id -> store.find(caller.projectId(), id))
                .map(webhook -> new Signed(
                        webhook, store.secrets(webhook.id(), clock.instant()).getFirst()));
    }

    List<Webhook> list(Caller caller) {
        return store.list(caller.projectId());
    }

    /**
     * One of the caller's project.
     *
     * @throws RequestRefusedException if there is none
     */
    Webhook find(Caller caller, String id) {
        return InstanceId.parse(id)
                .flatMap(uuid -> store.find(caller.projectId(), uuid))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_WEBHOOK));
    }

    /**
     * Replaces what people set.
     *
     * @param expected the version that the caller has seen, or null for any
     */
    Webhook update(Webhook webhook, WebhookSettings terms, @Nullable Integer expected) {
        boolean updated = store.update(webhook.id(), terms, expected);
        Webhook now = present(webhook.id());
        if (!updated) {
            throw EntityTag.stale(expected, now.version(), "the webhook");
        }
        return now;
    }

    /** Gives it a new secret; the one before signs as well for a day. */
    Signed rotate(Webhook webhook) {
        WebhookSecret secret = WebhookSecret.generate();
        store.rotate(
                webhook.id(),
                secret,
                clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(OLD_SECRET));
        return new Signed(present(webhook.id()), secret);
    }

    void remove(Webhook webhook) {
        store.remove(webhook.id());
    }

    private Webhook present(UUID id) {
        return store.find(id).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_WEBHOOK));
    }
}
