package io.keysweep.server.console;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/**
 * What was refused of a form, to be said beside the fields that it is about. Templates call its public methods.
 *
 * @param form which form of the page
 * @param fields why, for people, by the field that it is about; empty if it is about the whole
 * @param message why, for people, in one
 */
record FormError(String form, Map<String, String> fields, String message) {

    /** Nothing was refused. */
    static final FormError NONE = new FormError("", Map.of(), "");

    /** Something that may be refused. */
    @FunctionalInterface
    interface Attempt {

        /** Does it and says where to go on. */
        String go();
    }

    /**
     * Does what a form asks for, and shows its page again with the reason if that is refused.
     *
     * @param page renders the page
     * @throws RequestRefusedException if the caller may not do it, or what it is about does not exist: a form says nothing
     *     about that
     */
    static String orPage(String form, Attempt attempt, Model model, HttpServletResponse response, Attempt page) {
        FormError refusal;
        int status;
        try {
            return attempt.go();
        } catch (RequestRefusedException e) {
            status = e.code().status();
            if (status == 403 || status == 404) {
                throw e;
            }
            refusal = new FormError(form, fields(e), Objects.requireNonNullElse(e.detail(), e.codeMessage()));
        } catch (NodeRefusedException e) {
            status = ErrorCode.INSTANCE_NOT_RUNNING.status();
            refusal = new FormError(form, Map.of(), String.valueOf(e.getMessage()));
        }
        response.setStatus(status);
        model.addAttribute("refusal", refusal);
        return page.go();
    }

    /** What is to be said at a field, or null if nothing is. */
    public @Nullable String at(String thatForm, String thatField) {
        if (message.isEmpty() || !form.equals(thatForm)) {
            return null;
        }
        return thatField.isEmpty() && fields.isEmpty() ? message : fields.get(thatField);
    }

    /** Whether that form was refused. */
    public boolean of(String thatForm) {
        return form.equals(thatForm);
    }

    private static Map<String, String> fields(RequestRefusedException e) {
        String message = Objects.requireNonNullElse(e.detail(), e.codeMessage());
        return switch (e.code()) {
            case INVALID_FIRST_SCAN_AT -> Map.of("firstScanAt", message);
            case INVALID_INTERVAL -> Map.of("interval", message);
            case INVALID_TIMEOUT -> Map.of("timeout", message);
            case INVALID_SCAN_KEYS_COUNT -> Map.of("scanKeysCount", message);
            case NAME_TAKEN -> Map.of("name", message);
            default ->
                e.problems().stream()
                        .collect(Collectors.toMap(
                                FieldProblem::field, FieldProblem::sentence, (one, other) -> one + " " + other));
        };
    }
}
