package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import io.keysweep.server.iam.SecretBoxException;
import io.keysweep.server.notify.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes attempts and decides what follows from them. Whatever it does may be done again after a crash: the receiver then
 * sees the same id twice. Runs on db-scheduler's threads; safe to share.
 */
@Service
class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private static final String DISABLED = "the webhook is disabled";

    private final DeliveryStore store;
    private final WebhookStore webhooks;
    private final Outbox outbox;
    private final DeliveryExecutions executions;
    private final WebhookCall call;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Deliveries(
            DeliveryStore store,
            WebhookStore webhooks,
            Outbox outbox,
            DeliveryExecutions executions,
            WebhookCall call,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.webhooks = webhooks;
        this.outbox = outbox;
        this.executions = executions;
        this.call = call;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Makes an attempt if one is due, and says when to come again; empty if there is nothing more to do. */
    Optional<Instant> attempt(UUID id, int round) {
        Delivery delivery = store.find(id)
                .filter(found -> found.state() == State.PENDING && found.round() == round)
                .orElse(null);
        Webhook webhook =
                delivery == null ? null : webhooks.find(delivery.webhookId()).orElse(null);
        if (delivery == null || webhook == null) {
            return Optional.empty();
        }
        Instant due = delivery.nextAt();
        if (due != null && due.isAfter(now())) {
            // A worker died between the end of an attempt and what follows from it.
            return Optional.of(due);
        }
        try {
            AttemptResult answer = webhook.terms().enabled() ? send(webhook, delivery) : AttemptResult.none(DISABLED);
            Optional<Duration> wait = answer.gone() || !webhook.terms().enabled()
                    ? Optional.empty()
                    : Backoff.after(
                            delivery.attempts() + 1,
                            answer.retryAfter(),
                            ThreadLocalRandom.current().nextDouble());
            Instant now = now();
            Delivery attempted =
                    delivery.attempted(answer, now, wait.map(now::plus).orElse(null));
            transaction.executeWithoutResult(status -> {
                store.settle(attempted);
                disableIfGone(webhook, answer);
            });
            log(webhook, attempted);
            return Optional.ofNullable(attempted.nextAt());
        } catch (WebhookCall.StoppedException e) {
            return Optional.of(now());
        }
    }

    /** Tries a webhook out with one attempt, even one that is disabled, and keeps what came of it. */
    Delivery ping(Webhook webhook) {
        Instant now = now();
        Notice.Data data = new Notice.Data(
                webhook.projectId(), null, null, null, null, null, null, null, null, null, null, null, null);
        Delivery delivery =
                Delivery.pending(webhook.id(), NoticeType.PING, outbox.body(NoticeType.PING, now, data), now);
        AttemptResult answer = send(webhook, delivery);
        Delivery attempted = delivery.attempted(answer, now(), null);
        transaction.executeWithoutResult(status -> {
            store.insert(attempted);
            disableIfGone(webhook, answer);
        });
        log(webhook, attempted);
        return attempted;
    }

    /** Begins anew with a delivery, whatever has become of it. */
    Delivery redeliver(UUID id) {
        return Objects.requireNonNull(transaction.execute(status -> {
            store.again(id, now());
            Delivery again = store.find(id).orElseThrow();
            executions.schedule(again, now());
            return again;
        }));
    }

    private AttemptResult send(Webhook webhook, Delivery delivery) {
        try {
            return call.post(webhook.terms().url(), delivery, webhooks.secrets(webhook.id(), clock.instant()));
        } catch (SecretBoxException e) {
            return AttemptResult.none(String.valueOf(e.getMessage()));
        }
    }

    private void disableIfGone(Webhook webhook, AttemptResult answer) {
        if (answer.gone()) {
            webhooks.disable(webhook.id(), "The receiver has answered 410 Gone.");
        }
    }

    /** Without the path of the URL, which often is a secret. */
    private static void log(Webhook webhook, Delivery delivery) {
        String host = webhook.terms().url().getHost();
        switch (delivery.state()) {
            case DELIVERED -> LOG.debug("{} {} delivered to {}", delivery.type(), delivery.id(), host);
            case PENDING ->
                LOG.info(
                        "{} {} not delivered to {}, tried again at {}: {}",
                        delivery.type(),
                        delivery.id(),
                        host,
                        delivery.nextAt(),
                        delivery.error());
            case DEAD ->
                LOG.warn(
                        "{} {} to {} given up after {} attempts: {}",
                        delivery.type(),
                        delivery.id(),
                        host,
                        delivery.attempts(),
                        delivery.error());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
