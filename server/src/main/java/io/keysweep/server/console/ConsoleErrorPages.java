package io.keysweep.server.console;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.ErrorPageRenderer;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Renders the HTML page for a refused request or an unexpected error; the page says what to do. Thread-safe. */
@Component
final class ConsoleErrorPages implements ErrorPageRenderer {

    private final ITemplateEngine templates;

    ConsoleErrorPages(ITemplateEngine templates) {
        this.templates = templates;
    }

    @Override
    public String page(RequestRefusedException refusal) {
        String detail = refusal.detail();
        return templates.process(
                "console/error",
                new Context(
                        Locale.ENGLISH,
                        Map.of(
                                "title", title(refusal.code()),
                                "text", text(refusal),
                                "detail", detail == null ? "" : detail)));
    }

    private static String title(ErrorCode code) {
        return switch (code.status()) {
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 500 -> "Something went wrong";
            case 503 -> "Temporarily unavailable";
            default -> "The request failed";
        };
    }

    /**
     * Returns the explanation of a refusal in words for a person at a browser; the message of the error code by
     * default.
     */
    private static String text(RequestRefusedException refusal) {
        return switch (refusal.code()) {
            case UNKNOWN_URL -> "This page does not exist.";
            case UNKNOWN_SCAN -> "Your project has no such scan. Retention may have deleted it.";
            case UNKNOWN_INSTANCE -> "Your project has no such instance.";
            case ACTION_DENIED -> "Your access key does not allow this. It needs the action " + refusal.subject() + ".";
            case FOREIGN_FORM ->
                "The form was out of date or did not come from a page of this service, so nothing was changed."
                        + " Go back, reload the page and try again.";
            case INTERNAL -> "The service failed. Its log has the reason under the id of the request.";
            default -> refusal.codeMessage();
        };
    }
}
