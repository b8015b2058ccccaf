package io.keysweep.server.notify;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.request.EntityTag;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Makes, changes and removes webhooks. Safe to share. */
@Service
class Webhooks {

    /** A secret that was replaced signs as well for so long. */
    static final Duration OLD_SECRET = Duration.ofHours(24);

    private final WebhookStore store;
    private final InstantSource clock;

    Webhooks(WebhookStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** A webhook and its secret, which nobody is shown again. */
    record Signed(Webhook webhook, WebhookSecret secret) {}

    Signed create(Caller caller, WebhookTerms terms) {
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
        store.insert(webhook, secret);
        return new Signed(webhook, secret);
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
    Webhook update(Webhook webhook, WebhookTerms terms, @Nullable Integer expected) {
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
