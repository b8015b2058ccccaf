package io.keysweep.server.notify;

import io.keysweep.api.DeliveryView;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /api/v1/webhooks/{id}/deliveries}: shows the deliveries to a webhook, and starts a delivery again.
 *
 * <p>A delivery is one notice about an event for one webhook, with the result of its attempts. The caller needs {@link
 * Action#MANAGE_WEBHOOKS}.
 */
@RestController
@RequestMapping("/api/v1/webhooks/{id}/deliveries")
final class DeliveryController {

    private static final int MAX_LIMIT = 1000;

    private final WebhookOperations operations;

    DeliveryController(WebhookOperations operations) {
        this.operations = operations;
    }

    /**
     * Returns a page of the deliveries, the newest first.
     *
     * @param state {@code pending}, {@code delivered} or {@code dead} (given up); null for all
     * @param offset number of deliveries to skip, by default 0
     * @param limit maximum number of deliveries on the page, 1 to 1000, by default 100
     */
    @GetMapping
    List<DeliveryView> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "0") String offset,
            @RequestParam(defaultValue = "100") String limit) {
        // A caller without the permission learns nothing about the parameters.
        operations.get(caller, id);
        return operations.deliveries(
                caller,
                id,
                state,
                QueryParameters.wholeNumber("offset", offset, 0, QueryParameters.MAX_NUMBER),
                QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT));
    }

    @GetMapping("/{deliveryId}")
    DeliveryView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String deliveryId) {
        return operations.delivery(caller, id, deliveryId);
    }

    /** Starts a new series of attempts, and returns the delivery before the first of them. */
    @PostMapping("/{deliveryId}/redeliver")
    DeliveryView redeliver(
            @AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String deliveryId) {
        return operations.redeliver(caller, id, deliveryId);
    }
}
