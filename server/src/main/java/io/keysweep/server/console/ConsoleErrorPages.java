package io.keysweep.server.console;

import io.keysweep.server.console.page.ConsoleLocales;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.ErrorPageRenderer;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.MDC;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Renders the HTML page for a refused request or an unexpected error; the page says what to do. Thread-safe. */
@Component
final class ConsoleErrorPages implements ErrorPageRenderer {

    /**
     * Codes whose detail the page does not show, because it is meant for programs: it names a header, method or path.
     */
    private static final Set<ErrorCode> DETAIL_NOT_SHOWN =
            Set.of(ErrorCode.INTERNAL, ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.UNKNOWN_URL);

    private final ITemplateEngine templates;
    private final MessageSource messages;

    ConsoleErrorPages(ITemplateEngine templates, MessageSource messages) {
        this.templates = templates;
        this.messages = messages;
    }

    @Override
    public String page(RequestRefusedException refusal) {
        String detail = refusal.detail() == null || DETAIL_NOT_SHOWN.contains(refusal.code())
                ? ""
                : RefusalText.message(refusal);
        // An error can occur before ConsoleLocales has chosen a language. Until then, the context has the locale of the
        // browser, for which there may be no messages.
        Locale locale = ConsoleLocales.supported(LocaleContextHolder.getLocale());
        return templates.process(
                "console/error",
                new Context(
                        locale,
                        Map.of(
                                "title", title(refusal.code(), locale),
                                "text", explanation(refusal, locale),
                                "detail", detail)));
    }

    private String title(ErrorCode code, Locale locale) {
        String key = switch (code.status()) {
            case 403 -> "error.notAllowed";
            case 404 -> "error.notFound";
            case 500 -> "error.failed";
            case 503 -> "error.unavailable";
            default -> "error.refused";
        };
        return messages.getMessage(key, /* args= */ null, locale);
    }

    /**
     * Returns the explanation of a refusal: a text of the message catalogue for the codes that the console explains in
     * its own words, otherwise the message of the error code.
     */
    private String explanation(RequestRefusedException refusal, Locale locale) {
        String key = switch (refusal.code()) {
            case UNKNOWN_URL -> "error.page";
            case UNKNOWN_SCAN -> "error.scan";
            case UNKNOWN_INSTANCE -> "error.instance";
            case ACTION_DENIED -> "error.action";
            case FOREIGN_FORM -> "error.form";
            // The user has opened the address of a form, which accepts POST only.
            case METHOD_NOT_ALLOWED -> "error.addressOfForm";
            case INTERNAL -> "error.internal";
            default -> null;
        };
        if (key == null) {
            return RefusalText.of(refusal.codePhrase());
        }
        String argument = refusal.code() == ErrorCode.INTERNAL ? requestId() : refusal.subject();
        return messages.getMessage(key, new Object[] {argument}, locale);
    }

    /** Returns the id that the log lines of this request contain; a dash outside of a request. */
    private static String requestId() {
        String id = MDC.get("requestId");
        return id == null ? "–" : id;
    }
}
