package io.keysweep.server.notify;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookView;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.notify.Delivery.DeliveryState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * Lets callers list, change and test the webhooks of their project and their deliveries, for the native API and the
 * console.
 *
 * <p>Every method refuses a caller that is not allowed to manage webhooks. A webhook of another project is refused like
 * a webhook that does not exist. Thread-safe.
 */
@Service
public class WebhookOperations {

    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final DeliveryStore store;
    private final EgressGate gate;
    private final InstantSource clock;

    WebhookOperations(
            Webhooks webhooks, Deliveries deliveries, DeliveryStore store, EgressGate gate, InstantSource clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.store = store;
        this.gate = gate;
        this.clock = clock;
    }

    /** Returns the webhooks of the caller's project, without secrets, the oldest first. */
    public List<WebhookView> list(Caller caller) {
        caller.requireAction(Action.MANAGE_WEBHOOKS);
        return webhooks.list(caller).stream()
                .map(webhook -> view(webhook, /* secret= */ null))
                .toList();
    }

    /** Returns a webhook without its secret. */
    public WebhookView get(Caller caller, String id) {
        return view(find(caller, id), /* secret= */ null);
    }

    /**
     * Creates a webhook, and returns it with its secret, which is not shown again.
     *
     * @throws RequestRefusedException if the document breaks a rule
     */
    public WebhookView create(Caller caller, @Nullable JsonNode document) {
        caller.requireAction(Action.MANAGE_WEBHOOKS);
        Webhooks.WebhookWithSecret webhookWithSecret =
                webhooks.create(caller, WebhookSettings.read(document, gate.policy()), /* key= */ null);
        return view(webhookWithSecret.webhook(), webhookWithSecret.secret());
    }

    /**
     * Replaces the settings of a webhook.
     *
     * @param expected version that the caller has seen, or null to replace any
     * @throws RequestRefusedException if the document breaks a rule, or if the webhook has another version
     */
    public WebhookView update(Caller caller, String id, @Nullable JsonNode document, @Nullable Integer expected) {
        Webhook webhook = find(caller, id);
        return view(
                webhooks.update(webhook, WebhookSettings.read(document, gate.policy()), expected), /* secret= */ null);
    }

    /** Deletes a webhook with its deliveries. */
    public void remove(Caller caller, String id) {
        webhooks.remove(find(caller, id));
    }

    /** Replaces the secret, and returns the webhook with the new one. For 24 hours, notices are signed with both. */
    public WebhookView rotate(Caller caller, String id) {
        Webhooks.WebhookWithSecret webhookWithSecret = webhooks.rotate(find(caller, id));
        return view(webhookWithSecret.webhook(), webhookWithSecret.secret());
    }

    /** Sends a notice of the type {@code ping} with one attempt, and returns its delivery with the result. */
    public DeliveryView test(Caller caller, String id) {
        return view(deliveries.ping(find(caller, id)));
    }

    /**
     * Returns a page of the deliveries of a webhook, the newest first.
     *
     * @param state wire name of a state, or null for all
     * @throws RequestRefusedException if there is no such state
     */
    public List<DeliveryView> deliveries(Caller caller, String id, @Nullable String state, int offset, int limit) {
        Webhook webhook = find(caller, id);
        return store.list(webhook.id(), state == null ? null : parseState(state), offset, limit).stream()
                .map(WebhookOperations::view)
                .toList();
    }

    /** Returns one delivery of a webhook. */
    DeliveryView delivery(Caller caller, String id, String deliveryId) {
        return view(find(find(caller, id), deliveryId));
    }

    /**
     * Starts a new series of attempts, and returns the delivery before the first of them. The delivery keeps its id, so
     * the receiver can recognise a repeated notice.
     *
     * @throws RequestRefusedException if the webhook is disabled, because no attempt would be made
     */
    public DeliveryView redeliver(Caller caller, String id, String deliveryId) {
        Webhook webhook = find(caller, id);
        Delivery delivery = find(webhook, deliveryId);
        if (!webhook.settings().enabled()) {
            throw RequestRefusedException.of(ErrorCode.WEBHOOK_DISABLED, "Enable the webhook first.");
        }
        return view(deliveries.redeliver(delivery.id()));
    }

    /** Returns a webhook of the caller's project, after the check that the caller may manage webhooks. */
    private Webhook find(Caller caller, String id) {
        caller.requireAction(Action.MANAGE_WEBHOOKS);
        return webhooks.find(caller, id);
    }

    /**
     * Returns a delivery of this webhook. A delivery of another webhook is treated as unknown, because it may belong to
     * another project.
     */
    private Delivery find(Webhook webhook, String deliveryId) {
        // The ids of deliveries and instances are UUIDs, so the parser of instance ids reads the id of a delivery.
        return InstanceId.parse(deliveryId)
                .flatMap(store::find)
                .filter(delivery -> delivery.webhookId().equals(webhook.id()))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_DELIVERY));
    }

    /** Returns the state with a wire name; refuses the request if no state has that name. */
    private static DeliveryState parseState(String text) {
        return Arrays.stream(DeliveryState.values())
                .filter(state -> state.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.parameter(
                        "state",
                        text,
                        "one of "
                                + Arrays.stream(DeliveryState.values())
                                        .map(DeliveryState::wireName)
                                        .collect(Collectors.joining(", "))));
    }

    /** Returns the view of a webhook. The view shows the secret that is passed, or none if it is null. */
    WebhookView view(Webhook webhook, @Nullable WebhookSecret secret) {
        WebhookSettings settings = webhook.settings();
        Instant oldUntil = webhook.oldSecretUntil();
        return new WebhookView(
                webhook.id().toString(),
                settings.url().toString(),
                NoticeType.wireNames(settings.events()),
                Math.toIntExact(settings.heldThreshold().toMinutes()),
                settings.enabled(),
                webhook.disabledReason(),
                webhook.createdBy(),
                webhook.createdAt(),
                webhook.version(),
                // The time is shown only while the previous secret is still valid.
                oldUntil != null && oldUntil.isAfter(clock.instant()) ? oldUntil : null,
                secret == null ? null : secret.text());
    }

    private static DeliveryView view(Delivery delivery) {
        return new DeliveryView(
                delivery.id().toString(),
                delivery.type(),
                delivery.state().wireName(),
                delivery.attempts(),
                delivery.createdAt(),
                delivery.nextAt(),
                delivery.attemptedAt(),
                delivery.status(),
                delivery.error(),
                delivery.finishedAt(),
                delivery.body());
    }
}
