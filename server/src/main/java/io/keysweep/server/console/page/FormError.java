package io.keysweep.server.console.page;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;

/**
 * Describes why a form was refused, in the language of the user, so that the page can show each message at its field.
 *
 * <p>The methods that templates call are public.
 *
 * @param form name of the form on its page; an empty text if no form was refused
 * @param fields message for each refused field by its name; empty if no single field is the reason
 * @param message the complete message; an empty text if no form was refused
 * @param code error code of the refusal; null if no form was refused
 */
public record FormError(
        String form,
        Map<String, String> fields,
        String message,
        @Nullable ErrorCode code) {

    /** Fields of the API that are lists, and that a form shows as a single field. */
    private static final Set<String> LISTS_IN_ONE_FIELD = Set.of("policies", "actions", "instances");

    /** Stands for the absence of an error, on a page without a refused form. */
    public static final FormError NONE = new FormError(/* form= */ "", Map.of(), /* message= */ "", /* code= */ null);

    /** Handles a form or renders a page; controllers implement it by lambdas. */
    @FunctionalInterface
    public interface Handler {

        /** Handles the form or renders the page, and returns the name of the view. */
        String view();
    }

    /**
     * Handles a form. If the request is refused, this method renders the page of the form again, with the reason, the
     * status of the refusal, and the attribute {@code formError}. The audit log gets the error code.
     *
     * @param form the name of the form on its page
     * @param handler handles the form
     * @param page renders the page of the form again
     * @return name of the view, or a redirect
     * @throws RequestRefusedException if the status of the refusal is 403 or 404. The error page answers these, because
     *     other values in the form would not help
     */
    public static String orPage(String form, Handler handler, Model model, HttpServletResponse response, Handler page) {
        FormError error;
        int status;
        try {
            return handler.view();
        } catch (RequestRefusedException e) {
            status = e.code().status();
            AuditTrail.error(e.code().code());
            boolean hasErrorPage = status == 403 || status == 404;
            if (hasErrorPage) {
                throw e;
            }
            if (e.retryAfterSeconds() != null) {
                response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(e.retryAfterSeconds()));
            }
            error = new FormError(form, fields(e), RefusalText.message(e), e.code());
        } catch (NodeRefusedException e) {
            // The server of the instance cannot be swept. No single field of the form is the reason.
            status = ErrorCode.INSTANCE_NOT_RUNNING.status();
            AuditTrail.error(ErrorCode.INSTANCE_NOT_RUNNING.code());
            error = new FormError(form, Map.of(), RefusalText.message(e), ErrorCode.INSTANCE_NOT_RUNNING);
        }
        response.setStatus(status);
        model.addAttribute("formError", error);
        return page.view();
    }

    /**
     * Returns the message for a field of a form; null if there is none, or if another form was refused.
     *
     * @param formName name of the form
     * @param field name of the field; an empty text for the message of the whole form, which exists only if no single
     *     field is the reason
     */
    public @Nullable String at(String formName, String field) {
        if (message.isEmpty() || !form.equals(formName)) {
            return null;
        }
        return field.isEmpty() && fields.isEmpty() ? message : fields.get(field);
    }

    /** Returns whether a field of a form has a message, so that the part of the form with these fields must be open. */
    public boolean isAnyAt(String formName, String... names) {
        return Stream.of(names).anyMatch(name -> at(formName, name) != null);
    }

    /** Returns whether the form was refused because somebody else has made a change since the page was opened. */
    public boolean isStale() {
        return code == ErrorCode.STALE;
    }

    /** Returns whether the form was refused because a scan of the instance is active. */
    public boolean isBusy() {
        return code == ErrorCode.SCAN_ACTIVE || code == ErrorCode.INSTANCE_BUSY;
    }

    /** Returns whether the form with this name was refused. */
    public boolean concerns(String formName) {
        return form.equals(formName);
    }

    /**
     * Returns the messages by field. Refusals of a schedule have the error codes of DCS, which stand for one field
     * each, and no list of problems.
     */
    private static Map<String, String> fields(RequestRefusedException e) {
        String message = RefusalText.message(e);
        return switch (e.code()) {
            case INVALID_FIRST_SCAN_AT -> Map.of("firstScanAt", message);
            case INVALID_INTERVAL -> Map.of("interval", message);
            case INVALID_TIMEOUT -> Map.of("timeout", message);
            case INVALID_SCAN_KEYS_COUNT -> Map.of("scanKeysCount", message);
            case NAME_TAKEN -> Map.of("name", message);
            default ->
                e.problems().stream()
                        .collect(Collectors.toMap(
                                problem -> formField(problem.field()),
                                RefusalText::sentence,
                                (first, second) -> first + RefusalText.separator() + second));
        };
    }

    /**
     * Returns the field of a form for a field of a problem: {@code tags} for {@code tags.env}, {@code windows[0]} for
     * {@code windows[0].from}, {@code policies} for {@code policies[0]}, and the form's own name for a name of the DCS
     * API.
     */
    private static String formField(String field) {
        int dot = field.indexOf('.');
        String first = dot < 0 ? field : field.substring(0, dot);
        int bracket = first.indexOf('[');
        if (bracket > 0 && LISTS_IN_ONE_FIELD.contains(first.substring(0, bracket))) {
            return first.substring(0, bracket);
        }
        return first.equals("scan_keys_count") ? "scanKeysCount" : first;
    }
}
