package io.keysweep.server.notify;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookView;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/webhooks}: creates, shows, changes, tests and removes the webhooks of the caller's project.
 *
 * <p>A webhook is a URL to which the service sends the events of a project. Every request needs {@link
 * Action#MANAGE_WEBHOOKS}.
 */
@RestController
@RequestMapping("/api/v1/webhooks")
final class WebhookController {

    /** The value to pass instead of a secret if a view must not show one. */
    private static final @Nullable WebhookSecret NO_SECRET = null;

    // The operations check the permission of the caller. Before calls of webhooks, this class checks it.
    private final Webhooks webhooks;
    private final WebhookOperations operations;
    private final EgressGate gate;

    WebhookController(Webhooks webhooks, WebhookOperations operations, EgressGate gate) {
        this.webhooks = webhooks;
        this.operations = operations;
        this.gate = gate;
    }

    /** Returns the webhooks of the project, without secrets, the oldest first. */
    @GetMapping
    List<WebhookView> list(@AuthenticationPrincipal Caller caller) {
        return operations.list(caller);
    }

    /**
     * Creates a webhook and returns it with its secret, which no later response shows.
     *
     * @param key the idempotency key: a repeated request with the same key returns the same webhook, without its
     *     secret; null for none
     */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    WebhookView create(
            @AuthenticationPrincipal Caller caller,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            HttpServletResponse response) {
        caller.requireAction(Action.MANAGE_WEBHOOKS);
        Webhooks.WebhookWithSecret webhookWithSecret = webhooks.create(
                caller, WebhookSettings.read(document, gate.policy()), IdempotencyKey.of(key, "webhook", document));
        response.setHeader(
                HttpHeaders.LOCATION,
                "/api/v1/webhooks/" + webhookWithSecret.webhook().id());
        return withETag(webhookWithSecret.webhook(), webhookWithSecret.secret(), response);
    }

    @GetMapping("/{id}")
    WebhookView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        return withETag(webhook(caller, id), NO_SECRET, response);
    }

    /**
     * Replaces all settings of a webhook. A webhook that the service has disabled is enabled again, unless {@code
     * enabled} is false.
     */
    @PutMapping("/{id}")
    WebhookView update(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        Webhook webhook = webhook(caller, id);
        return withETag(
                webhooks.update(
                        webhook,
                        WebhookSettings.read(document, gate.policy()),
                        EntityTag.expectedVersion(ifMatch, "the webhook")),
                NO_SECRET,
                response);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        webhooks.remove(webhook(caller, id));
    }

    /**
     * Replaces the secret and returns the new one, which is not shown again. For 24 hours, notices are signed with both
     * secrets.
     */
    @PostMapping("/{id}/secret")
    WebhookView rotate(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        Webhooks.WebhookWithSecret webhookWithSecret = webhooks.rotate(webhook(caller, id));
        return withETag(webhookWithSecret.webhook(), webhookWithSecret.secret(), response);
    }

    /**
     * Sends a {@code ping} with one attempt, even if the webhook is disabled, and returns the delivery with its result.
     * The response waits for the receiver, at most for 10 seconds.
     */
    @PostMapping("/{id}/test")
    DeliveryView test(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return operations.test(caller, id);
    }

    /** Returns a webhook of the caller's project, after the check that the caller may manage webhooks. */
    private Webhook webhook(Caller caller, String id) {
        caller.requireAction(Action.MANAGE_WEBHOOKS);
        return webhooks.find(caller, id);
    }

    /**
     * Returns the view of a webhook, and sets the ETag to its version.
     *
     * @param secret the secret to show, or null to show none
     */
    private WebhookView withETag(Webhook webhook, @Nullable WebhookSecret secret, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(webhook.version()));
        return operations.view(webhook, secret);
    }
}
