package io.keysweep.server.console;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/**
 * What was refused of a form, to be said beside the field that it is about. Templates call its public methods.
 *
 * @param form which form of the page
 * @param field which field of it, or empty if it is about the whole
 * @param message why, for people
 */
record Refusal(String form, String field, String message) {

    /** Nothing was refused. */
    static final Refusal NONE = new Refusal("", "", "");

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
        Refusal refusal;
        int status;
        try {
            return attempt.go();
        } catch (RequestRefusedException e) {
            status = e.code().status();
            if (status == 403 || status == 404) {
                throw e;
            }
            refusal = new Refusal(form, field(e), Objects.requireNonNullElse(e.detail(), e.codeMessage()));
        } catch (NodeRefusedException e) {
            status = ErrorCode.INSTANCE_NOT_RUNNING.status();
            refusal = new Refusal(form, "", String.valueOf(e.getMessage()));
        }
        response.setStatus(status);
        model.addAttribute("refusal", refusal);
        return page.go();
    }

    /** What is to be said at a field, or null if nothing is. */
    public @Nullable String at(String thatForm, String thatField) {
        return !message.isEmpty() && form.equals(thatForm) && field.equals(thatField) ? message : null;
    }

    /** Whether that form was refused. */
    public boolean of(String thatForm) {
        return form.equals(thatForm);
    }

    private static String field(RequestRefusedException e) {
        return switch (e.code()) {
            case INVALID_FIRST_SCAN_AT -> "firstScanAt";
            case INVALID_INTERVAL -> "interval";
            case INVALID_TIMEOUT -> "timeout";
            case INVALID_SCAN_KEYS_COUNT -> "scanKeysCount";
            case NAME_TAKEN -> "name";
            default -> e.subject();
        };
    }
}
