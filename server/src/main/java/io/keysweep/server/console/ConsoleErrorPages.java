package io.keysweep.server.console;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.ErrorPageRenderer;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** One small page for whatever goes wrong, in words that say what to do. */
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
            case 503 -> "Not there at present";
            default -> "That did not work";
        };
    }

    private static String text(RequestRefusedException refusal) {
        return switch (refusal.code()) {
            case UNKNOWN_URL -> "There is no such page.";
            case UNKNOWN_SCAN -> "There is no such scan in your project; it may have been removed by age.";
            case UNKNOWN_INSTANCE -> "There is no such instance in your project.";
            case ACTION_DENIED ->
                "Your access key does not allow this; it would take the action " + refusal.subject() + ".";
            case FOREIGN_FORM ->
                "The form was out of date, or did not come from a page of this service, so nothing was changed."
                        + " Go back, load the page again, and try once more.";
            case INTERNAL -> "The service could not do that. Its log says why, under the request's id.";
            default -> refusal.codeMessage();
        };
    }
}
