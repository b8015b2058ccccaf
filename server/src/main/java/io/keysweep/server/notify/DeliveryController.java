package io.keysweep.server.notify;

import io.keysweep.api.DeliveryView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.notify.Delivery.State;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /api/v1/webhooks/{id}/deliveries}: shows the deliveries to a webhook, and starts one again.
 *
 * <p>A delivery is one notice about an event for one webhook, with the result of its attempts. The caller needs {@link
 * Action#MANAGE_WEBHOOKS}.
 */
@RestController
@RequestMapping("/api/v1/webhooks/{id}/deliveries")
final class DeliveryController {

    private static final int MAX_LIMIT = 1000;

    private final Webhooks webhooks;
    private final DeliveryStore store;
    private final Deliveries deliveries;

    DeliveryController(Webhooks webhooks, DeliveryStore store, Deliveries deliveries) {
        this.webhooks = webhooks;
        this.store = store;
        this.deliveries = deliveries;
    }

    /**
     * Returns a page of the deliveries, the newest first.
     *
     * @param state {@code pending}, {@code delivered} or {@code dead} (given up); null for all
     * @param offset the number of deliveries to leave out, by default 0
     * @param limit the most deliveries to return, 1 to 1000, by default 100
     */
    @GetMapping
    List<DeliveryView> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "0") String offset,
            @RequestParam(defaultValue = "100") String limit) {
        Webhook webhook = webhook(caller, id);
        return store
                .list(
                        webhook.id(),
                        state == null ? null : state(state),
                        QueryParameters.wholeNumber("offset", offset, 0, Integer.MAX_VALUE),
                        QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT))
                .stream()
                .map(DeliveryController::view)
                .toList();
    }

    @GetMapping("/{deliveryId}")
    DeliveryView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String deliveryId) {
        return view(delivery(webhook(caller, id), deliveryId));
    }

    /**
     * Starts a new series of attempts, and returns the delivery before the first of them. The delivery keeps its id, so
     * the receiver can recognise a repeated notice. Refused if the webhook is disabled, because no attempt would be
     * made.
     */
    @PostMapping("/{deliveryId}/redeliver")
    DeliveryView redeliver(
            @AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String deliveryId) {
        Webhook webhook = webhook(caller, id);
        Delivery delivery = delivery(webhook, deliveryId);
        if (!webhook.settings().enabled()) {
            throw RequestRefusedException.of(ErrorCode.WEBHOOK_DISABLED, "Enable the webhook first.");
        }
        return view(deliveries.redeliver(delivery.id()));
    }

    static DeliveryView view(Delivery delivery) {
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

    /** Returns a webhook of the caller's project, after the check that the caller may manage webhooks. */
    private Webhook webhook(Caller caller, String id) {
        caller.require(Action.MANAGE_WEBHOOKS);
        return webhooks.find(caller, id);
    }

    /**
     * Returns a delivery of this webhook. A delivery of another webhook counts as unknown, because it may belong to
     * another project.
     */
    private Delivery delivery(Webhook webhook, String deliveryId) {
        // The id of a delivery is a UUID, like that of an instance, so the parser of instance ids reads it.
        return InstanceId.parse(deliveryId)
                .flatMap(store::find)
                .filter(found -> found.webhookId().equals(webhook.id()))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_DELIVERY));
    }

    /** Returns the state with a wire name; refuses the request if there is none. */
    private static State state(String text) {
        return Arrays.stream(State.values())
                .filter(state -> state.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.parameter(
                        "state",
                        text,
                        "one of "
                                + Arrays.stream(State.values())
                                        .map(State::wireName)
                                        .collect(Collectors.joining(", "))));
    }
}
