package io.keysweep.server.console;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.DurationFields;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.notify.WebhookOperations;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves the pages of the webhooks of the project: the list, and each webhook with its deliveries.
 *
 * <p>A webhook is a URL to which the service sends a notice about each chosen event of the project. Its secret is shown
 * once, on the page that answers its creation. Browsers do not store that page.
 */
@Controller
@RequestMapping(WebhooksPageController.PATH)
final class WebhooksPageController {

    static final String PATH = ConsolePath.ROOT + "/webhooks";

    private static final int DELIVERIES_PER_PAGE = 50;

    private final WebhookOperations webhooks;

    WebhooksPageController(WebhookOperations webhooks) {
        this.webhooks = webhooks;
    }

    @GetMapping
    String list(@AuthenticationPrincipal Caller caller, Model model) {
        model.addAttribute("webhooks", webhooks.list(caller));
        return "console/webhooks";
    }

    /** Creates a webhook, and shows its secret once. */
    @PostMapping
    String create(
            @AuthenticationPrincipal Caller caller,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "webhook",
                () -> {
                    WebhookView created = webhooks.create(caller, document(form, /* enabled= */ true));
                    model.addAttribute("created", created);
                    return list(caller, model);
                },
                model,
                response,
                () -> {
                    keep(form, model);
                    return list(caller, model);
                });
    }

    /**
     * Shows a webhook and a page of its deliveries.
     *
     * @param state wire name of the state of the deliveries to show; empty for all
     * @param page number of the page, from 1; any other text is treated as 1
     */
    @GetMapping("/{id}")
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        int pageNumber = page.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(page) : 1;
        WebhookView webhook = webhooks.get(caller, id);
        List<DeliveryView> deliveries = webhooks.deliveries(
                caller,
                id,
                state.isEmpty() ? null : state,
                (pageNumber - 1) * DELIVERIES_PER_PAGE,
                DELIVERIES_PER_PAGE + 1);
        model.addAttribute("webhook", webhook);
        model.addAttribute("state", state);
        model.addAttribute("page", pageNumber);
        model.addAttribute("hasMore", deliveries.size() > DELIVERIES_PER_PAGE);
        model.addAttribute("deliveries", deliveries.subList(0, Math.min(deliveries.size(), DELIVERIES_PER_PAGE)));
        return "console/webhook";
    }

    @PostMapping("/{id}")
    String update(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "webhook",
                () -> {
                    webhooks.update(
                            caller,
                            id,
                            document(form, form.containsKey("enabled")),
                            FormFields.version(form.toSingleValueMap()));
                    return "redirect:" + PATH + "/" + id;
                },
                model,
                response,
                () -> {
                    keep(form, model);
                    return page(caller, id, /* state= */ "", /* page= */ "1", model);
                });
    }

    /** Adds the values of a refused form to the model, so that the page shows them again. */
    private static void keep(MultiValueMap<String, String> form, Model model) {
        model.addAttribute("form", form);
        model.addAttribute("chosenEvents", form.getOrDefault("events", List.of()));
    }

    /** Sends a test notice to the webhook. */
    @PostMapping("/{id}/test")
    String test(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletResponse response,
            Model model) {
        return deliver(() -> webhooks.test(caller, id), caller, id, response, model);
    }

    /** Sends a notice. If that is refused, shows the page again with the reason. */
    private String deliver(Runnable delivery, Caller caller, String id, HttpServletResponse response, Model model) {
        return FormError.orPage(
                "delivery",
                () -> {
                    delivery.run();
                    return "redirect:" + PATH + "/" + id;
                },
                model,
                response,
                () -> page(caller, id, /* state= */ "", /* page= */ "1", model));
    }

    /** Replaces the secret, and shows the new one once. */
    @PostMapping("/{id}/secret")
    String rotate(@AuthenticationPrincipal Caller caller, @PathVariable String id, Model model) {
        model.addAttribute("created", webhooks.rotate(caller, id));
        return page(caller, id, /* state= */ "", /* page= */ "1", model);
    }

    @PostMapping("/{id}/remove")
    String remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        webhooks.remove(caller, id);
        return "redirect:" + PATH;
    }

    @PostMapping("/{id}/deliveries/{deliveryId}/redeliver")
    String redeliver(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String deliveryId,
            HttpServletResponse response,
            Model model) {
        return deliver(() -> webhooks.redeliver(caller, id, deliveryId), caller, id, response, model);
    }

    /**
     * Returns the document with which a client of the API would describe the same webhook.
     *
     * @throws RequestRefusedException if no event is chosen, because the API would then send all events
     */
    private static ObjectNode document(MultiValueMap<String, String> form, boolean enabled) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        String url = form.getFirst("url");
        if (url != null && !url.isBlank()) {
            document.put("url", url.strip());
        }
        List<String> chosenEvents = form.getOrDefault("events", List.of());
        if (chosenEvents.isEmpty()) {
            throw RequestRefusedException.fields(
                    List.of(new FieldProblem("events", Phrase.of(" is empty, must name at least one event."))));
        }
        ArrayNode events = document.putArray("events");
        chosenEvents.forEach(events::add);
        String heldMinutes = form.getFirst("heldMinutes");
        DurationFields.put(document, "heldMinutes", heldMinutes == null ? "" : heldMinutes);
        document.put("enabled", enabled);
        return document;
    }
}
