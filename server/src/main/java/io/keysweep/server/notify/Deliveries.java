package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.SecretBoxException;
import io.keysweep.server.notify.Delivery.DeliveryState;
import io.keysweep.server.worker.ProjectThreads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends notices to webhooks, and decides after each attempt whether and when another attempt follows.
 *
 * <p>A notice is the message about one event of a project. A delivery brings one notice to one webhook, by one attempt
 * or several. A round is a series of attempts with growing delays: the first round begins with the delivery, and each
 * redelivery that a user requests starts another round.
 *
 * <p>A notice can arrive more than once: after a crash an attempt can be repeated, and the receiver then sees the same
 * delivery id twice. {@link Outbox} creates deliveries, and {@link DeliveryTask} calls {@link #attempt} on
 * db-scheduler's threads. Thread-safe.
 */
@Service
class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private static final String DISABLED_ERROR = "the webhook is disabled";

    /**
     * The shortest time that a delivery waits if its project uses all threads that it may use. Each wait has a random
     * length, so that the waiting deliveries do not all try again at the same time.
     */
    private static final long MIN_WAIT_MILLIS = 500;

    /** The longest time that a delivery waits if its project uses all threads that it may use. */
    private static final long MAX_WAIT_MILLIS = 3000;

    private final DeliveryStore store;
    private final WebhookStore webhooks;
    private final Outbox outbox;
    private final DeliveryExecutions executions;
    private final WebhookCall call;
    private final ProjectThreads projectThreads;

    /**
     * Limits how many tests of a project's webhooks run at the same time, because each test occupies the thread of a
     * request.
     */
    private final ProjectThreads testThreads = new ProjectThreads();

    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final MeterRegistry registry;

    Deliveries(
            DeliveryStore store,
            WebhookStore webhooks,
            Outbox outbox,
            DeliveryExecutions executions,
            WebhookCall call,
            ProjectThreads projectThreads,
            TransactionTemplate transaction,
            InstantSource clock,
            MeterRegistry registry) {
        this.store = store;
        this.webhooks = webhooks;
        this.outbox = outbox;
        this.executions = executions;
        this.call = call;
        this.projectThreads = projectThreads;
        this.transaction = transaction;
        this.clock = clock;
        this.registry = registry;
        for (DeliveryState state : DeliveryState.values()) {
            // The counters are registered now, so that the metrics show 0 before the first attempt instead of nothing.
            attemptCounter(state);
        }
    }

    /**
     * Makes an attempt if one is due and the project has a free thread.
     *
     * <p>An attempt sends the notice, which takes up to {@link WebhookCall#TIME_LIMIT}, and stores the result. If the
     * receiver wants no more notices, the webhook is disabled. If the webhook is disabled already, the delivery is
     * given up without a request. If all threads that the project may use are busy, the delivery waits 0.5 to 3 s.
     *
     * @param id the id of the delivery
     * @param round the number of the round for which this call was scheduled; if a redelivery has started another round
     *     since, this method does nothing
     * @return when this method must be called again; empty if this round needs no more attempts
     */
    Optional<Instant> attempt(UUID id, int round) {
        Delivery delivery = store.find(id)
                .filter(candidate -> candidate.state() == DeliveryState.PENDING && candidate.round() == round)
                .orElse(null);
        Webhook webhook =
                delivery == null ? null : webhooks.find(delivery.webhookId()).orElse(null);
        if (delivery == null || webhook == null) {
            return Optional.empty();
        }
        Instant dueAt = delivery.nextAt();
        if (dueAt != null && dueAt.isAfter(now())) {
            // A worker saved the result of the last attempt, but died before it rescheduled the execution. Without this
            // line, the next attempt would come too early.
            return Optional.of(dueAt);
        }
        // Receivers that do not answer keep threads busy. The limit leaves threads for other projects.
        if (!projectThreads.take(webhook.projectId())) {
            return Optional.of(
                    now().plusMillis(ThreadLocalRandom.current().nextLong(MIN_WAIT_MILLIS, MAX_WAIT_MILLIS)));
        }
        try {
            return sendAndRecord(webhook, delivery);
        } finally {
            projectThreads.giveBack(webhook.projectId());
        }
    }

    /** Makes one attempt and stores its result; returns when the next attempt is due, or empty for none. */
    private Optional<Instant> sendAndRecord(Webhook webhook, Delivery delivery) {
        try {
            AttemptResult result =
                    webhook.settings().enabled() ? send(webhook, delivery) : AttemptResult.unanswered(DISABLED_ERROR);
            boolean mayRetry = webhook.settings().enabled() && !result.refusesWebhook();
            Optional<Duration> delay = mayRetry
                    ? Backoff.nextDelay(
                            delivery.attempts() + 1,
                            result.retryAfter(),
                            ThreadLocalRandom.current().nextDouble())
                    : Optional.empty();
            Instant now = now();
            Delivery deliveryAfterAttempt =
                    delivery.afterAttempt(result, now, delay.map(now::plus).orElse(null));
            transaction.executeWithoutResult(status -> {
                // The webhook is changed before the delivery. A removal of the webhook has the same order, so the two
                // cannot deadlock.
                disableIfRefused(webhook, result);
                store.saveAttempt(deliveryAfterAttempt);
            });
            attemptCounter(deliveryAfterAttempt.state()).increment();
            log(webhook, deliveryAfterAttempt);
            return Optional.ofNullable(deliveryAfterAttempt.nextAt());
        } catch (WebhookCall.StoppedException e) {
            // The service stopped during the attempt, so it is unknown whether the receiver has the notice. The attempt
            // is not counted, and another worker repeats it immediately.
            return Optional.of(now());
        }
    }

    /**
     * Tests a webhook: sends a {@code ping} with one attempt, even if the webhook is disabled. Stores the delivery with
     * its result, {@code DELIVERED} or {@code DEAD}, and returns it. Blocks up to {@link WebhookCall#TIME_LIMIT}.
     *
     * @throws RequestRefusedException in each of these cases, in which nothing is stored: too many tests of the project
     *     wait for their receivers; the webhook was removed during the attempt; the service stops during the attempt
     */
    Delivery ping(Webhook webhook) {
        if (!testThreads.take(webhook.projectId())) {
            throw RequestRefusedException.of(
                    ErrorCode.TOO_MANY_REQUESTS, "Other tests of webhooks of the project wait for their receivers.");
        }
        try {
            return sendPing(webhook);
        } catch (WebhookCall.StoppedException e) {
            throw RequestRefusedException.of(ErrorCode.UNAVAILABLE);
        } finally {
            testThreads.giveBack(webhook.projectId());
        }
    }

    /** Sends a {@code ping} with one attempt, stores the delivery with its result, and returns it. */
    private Delivery sendPing(Webhook webhook) {
        Instant now = now();
        Notice.Data data = Notice.Data.ofProject(webhook.projectId());
        Delivery delivery =
                Delivery.pending(webhook.id(), NoticeType.PING, outbox.body(NoticeType.PING, now, data), now);
        AttemptResult result = send(webhook, delivery);
        Delivery deliveryAfterAttempt = delivery.afterAttempt(result, now(), /* nextAt= */ null);
        try {
            transaction.executeWithoutResult(status -> {
                store.insert(deliveryAfterAttempt);
                disableIfRefused(webhook, result);
            });
        } catch (DataIntegrityViolationException e) {
            // Somebody has removed the webhook during the attempt.
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_WEBHOOK);
        }
        // A test is not counted: a user tries a URL and sees the result, and no notice is lost.
        log(webhook, deliveryAfterAttempt);
        return deliveryAfterAttempt;
    }

    /**
     * Starts a new round of attempts for a delivery, even if it was delivered or given up before, and returns the
     * delivery with the new round. The first attempt is due immediately. The delivery keeps its id.
     *
     * @throws RequestRefusedException if the delivery was deleted, because its retention time is over
     */
    Delivery redeliver(UUID id) {
        return Objects.requireNonNull(transaction.execute(status -> {
            store.startRound(id, now());
            Delivery delivery =
                    store.find(id).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_DELIVERY));
            executions.schedule(delivery, now());
            return delivery;
        }));
    }

    /**
     * Sends a notice once. If the secrets of the webhook cannot be decrypted, because the master key of the service has
     * changed, the attempt fails without a request. A later attempt may succeed, once the key was restored.
     */
    private AttemptResult send(Webhook webhook, Delivery delivery) {
        try {
            return call.post(webhook.settings().url(), delivery, webhooks.secrets(webhook.id(), clock.instant()));
        } catch (SecretBoxException e) {
            return AttemptResult.unanswered(String.valueOf(e.getMessage()));
        }
    }

    /** Disables the webhook if its receiver wants no more notices. */
    private void disableIfRefused(Webhook webhook, AttemptResult result) {
        if (result.refusesWebhook() && webhooks.disable(webhook, "The receiver answered 410 Gone.")) {
            // The change goes to the audit log only if a user tests the webhook. Other attempts are not part of an
            // audited call.
            webhooks.find(webhook.id()).ifPresent(disabled -> WebhookAudit.changed(webhook, disabled));
        }
    }

    /**
     * Logs the result of an attempt. The log names the host only, because the path of a webhook's URL is often a
     * secret.
     */
    private static void log(Webhook webhook, Delivery delivery) {
        String host = webhook.settings().url().getHost();
        switch (delivery.state()) {
            case DELIVERED -> LOG.debug("Delivered {} ({}) to {}", delivery.id(), delivery.type(), host);
            case PENDING ->
                LOG.info(
                        "Delivery {} of {} to {} has failed, the next attempt is at {}: {}",
                        delivery.id(),
                        delivery.type(),
                        host,
                        delivery.nextAt(),
                        delivery.error());
            case DEAD ->
                LOG.warn(
                        "Gave up delivery {} ({}) to {} after {} attempts: {}",
                        delivery.id(),
                        delivery.type(),
                        host,
                        delivery.attempts(),
                        delivery.error());
        }
    }

    /** Returns the counter of the attempts that left a delivery in a state; registers it at the first call. */
    private Counter attemptCounter(DeliveryState state) {
        return Counter.builder("keysweep.webhook.attempts")
                .description("Attempts to deliver notices to webhooks, by the state of the delivery after the attempt")
                .tag("state", state.wireName())
                .register(registry);
    }

    /** Returns the current time in milliseconds, the precision of the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
