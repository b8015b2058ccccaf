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
 * Attempts deliveries, and decides after each attempt whether and when the next one follows.
 *
 * <p>Delivery is at least once: after a crash an attempt can be repeated, and the receiver then sees the same id twice.
 * Attempts run on db-scheduler's threads. Safe for use by several threads.
 */
@Service
class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private static final String DISABLED_ERROR = "the webhook is disabled";

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

    /**
     * Makes an attempt if one is due.
     *
     * @param id the id of the delivery
     * @param round the round for which the attempt was scheduled; nothing happens if a redelivery has started another
     * @return when this method must be called again, or empty if the delivery needs no more attempts
     */
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
            // A worker saved the attempt before this one, but died before it rescheduled the execution.
            return Optional.of(due);
        }
        try {
            AttemptResult result =
                    webhook.settings().enabled() ? send(webhook, delivery) : AttemptResult.unanswered(DISABLED_ERROR);
            Optional<Duration> delay =
                    result.refusesWebhook() || !webhook.settings().enabled()
                            ? Optional.empty()
                            : Backoff.nextDelay(
                                    delivery.attempts() + 1,
                                    result.retryAfter(),
                                    ThreadLocalRandom.current().nextDouble());
            Instant now = now();
            Delivery attempted =
                    delivery.attempted(result, now, delay.map(now::plus).orElse(null));
            transaction.executeWithoutResult(status -> {
                store.saveAttempt(attempted);
                disableIfRefused(webhook, result);
            });
            log(webhook, attempted);
            return Optional.ofNullable(attempted.nextAt());
        } catch (WebhookCall.StoppedException e) {
            return Optional.of(now());
        }
    }

    /** Tests a webhook with one attempt, even if the webhook is disabled, and stores the delivery with its result. */
    Delivery ping(Webhook webhook) {
        Instant now = now();
        Notice.Data data = new Notice.Data(
                webhook.projectId(), null, null, null, null, null, null, null, null, null, null, null, null);
        Delivery delivery =
                Delivery.pending(webhook.id(), NoticeType.PING, outbox.body(NoticeType.PING, now, data), now);
        AttemptResult result = send(webhook, delivery);
        Delivery attempted = delivery.attempted(result, now(), null);
        transaction.executeWithoutResult(status -> {
            store.insert(attempted);
            disableIfRefused(webhook, result);
        });
        log(webhook, attempted);
        return attempted;
    }

    /** Starts a new round of attempts for a delivery, in whatever state the delivery is. Keeps its id. */
    Delivery redeliver(UUID id) {
        return Objects.requireNonNull(transaction.execute(status -> {
            store.startRound(id, now());
            Delivery restarted = store.find(id).orElseThrow();
            executions.schedule(restarted, now());
            return restarted;
        }));
    }

    private AttemptResult send(Webhook webhook, Delivery delivery) {
        try {
            return call.post(webhook.settings().url(), delivery, webhooks.secrets(webhook.id(), clock.instant()));
        } catch (SecretBoxException e) {
            return AttemptResult.unanswered(String.valueOf(e.getMessage()));
        }
    }

    private void disableIfRefused(Webhook webhook, AttemptResult result) {
        if (result.refusesWebhook()) {
            webhooks.disable(webhook.id(), "The receiver answered 410 Gone.");
        }
    }

    /** Logs the result with the host alone, as the path of a webhook's URL is often a secret. */
    private static void log(Webhook webhook, Delivery delivery) {
        String host = webhook.settings().url().getHost();
        switch (delivery.state()) {
            case DELIVERED -> LOG.debug("{} {} delivered to {}", delivery.type(), delivery.id(), host);
            case PENDING ->
                LOG.info(
                        "{} {} not delivered to {}, next attempt at {}: {}",
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
