package io.keysweep.cli.service;

import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.text.ForeignText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signals that a service, or a proxy in front of it, answered with an error status. {@link ServiceClient} throws it.
 *
 * <p>The body of the answer has one of three forms:
 *
 * <ul>
 *   <li>problem JSON: {@code title}, {@code detail}, {@code code}, and {@code errors} with the refused fields
 *   <li>the form of the DCS API (the API of Huawei Cloud's Distributed Cache Service): {@code error_code} and {@code
 *       error_msg}
 *   <li>anything else, such as the page of a proxy
 * </ul>
 */
final class ServiceRefusal extends CommandFailure {

    // Error codes of the service that decide the exit code.
    private static final String NOT_RUNNING = "DCS.4049";
    private static final String CANNOT_BE_SWEPT = "DCS.4818";

    /** The error code of a parameter that is not valid. Its detail says everything, and its title would repeat that. */
    private static final String INVALID_PARAMETER = "DCS.4800";

    /** Fields that the service refused, in the order of the answer; empty if it names none. */
    private final transient List<RefusedField> fields;

    /**
     * Describes a field of the request that the service refused.
     *
     * @param path path of the field in the request, for example {@code instances[0].uri}
     * @param detail sentence that says what is wrong with the field
     */
    record RefusedField(String path, String detail) {}

    private ServiceRefusal(ExitCode exitCode, String message, List<RefusedField> fields) {
        super(exitCode, message);
        this.fields = fields;
    }

    /**
     * Converts an error answer to an exception. Several refused fields give a message with one line for each. If
     * the body has neither of the first two forms, the message names the HTTP status. Names of JSON fields become names
     * of options.
     */
    static ServiceRefusal of(int status, String body, JsonMapper json) {
        JsonNode error = parse(body, json);
        String code = firstOf(text(error, "error_code"), text(error, "code"));
        List<RefusedField> fields = error.path("errors").values().stream()
                .map(field -> new RefusedField(
                        field.path("field").asString(""), field.path("detail").asString("")))
                .toList();
        String message = fields.size() > 1
                ? lines(fields)
                : oneLine(firstOf(text(error, "error_msg"), sentence(error, code, fields)));
        if (message != null) {
            message = OptionNames.inPlaceOfFields(message);
        }
        if (message == null && code == null) {
            return new ServiceRefusal(
                    // The service sends no redirects, so a redirect comes from a proxy.
                    status < 400 || status == 404 ? ExitCode.UNREACHABLE : exitCode(status, code),
                    "the answer is HTTP " + status
                            + " without a message of a Keysweep service; is the endpoint right, or is a proxy in"
                            + " between?",
                    fields);
        }
        String line =
                "the service says: " + (message == null ? "HTTP " + status : message) + suffix(status, code, message);
        return new ServiceRefusal(exitCode(status, code), line, fields);
    }

    /**
     * Returns a failure whose message names the line of each refused field in the user's file. Returns this refusal
     * itself if the service has named no fields.
     *
     * @param document the document that was sent as the request
     */
    CommandFailure in(DocumentFile document) {
        return fields.isEmpty()
                ? this
                : DocumentFile.refusal(fields.stream()
                        .map(field -> document.at(field.path(), field.detail()))
                        .toList());
    }

    /**
     * Returns the text of the problem JSON: the title, which says what has happened, and the detail, which says why and
     * what to do. Returns the detail alone if it names a field, or if a proxy and not the service has answered.
     */
    private static @Nullable String sentence(JsonNode error, @Nullable String code, List<RefusedField> fields) {
        String title = text(error, "title");
        String detail = text(error, "detail");
        if (title == null || detail == null) {
            return firstOf(detail, title);
        }
        boolean detailAlone = code == null || !fields.isEmpty() || code.equals(INVALID_PARAMETER);
        return detailAlone ? detail : title + " " + detail;
    }

    /** Returns the error code in parentheses, or else the HTTP status unless it is the message already. */
    private static String suffix(int status, @Nullable String code, @Nullable String message) {
        if (code != null) {
            return " (" + code + ")";
        }
        return message == null ? "" : " (HTTP " + status + ")";
    }

    private static @Nullable String oneLine(@Nullable String text) {
        return text == null ? null : ForeignText.line(text);
    }

    private static String lines(List<RefusedField> fields) {
        return fields.size() + " problems:\n  "
                + String.join(
                        "\n  ",
                        fields.stream()
                                .map(field -> ForeignText.line(field.detail()))
                                .toList())
                + "\n ";
    }

    /** Returns the JSON of a body; an empty object if the body is not JSON, such as the page of a proxy. */
    private static JsonNode parse(String body, JsonMapper json) {
        try {
            return json.readTree(body.isBlank() ? "{}" : body);
        } catch (JacksonException e) {
            return json.createObjectNode();
        }
    }

    /** Returns the text of a field; null if it is missing or blank. */
    private static @Nullable String text(JsonNode error, String field) {
        String text = error.path(field).asString("");
        return text.isBlank() ? null : text.strip();
    }

    /** Returns the first text that is not null; null if there is none. */
    private static @Nullable String firstOf(@Nullable String... texts) {
        for (String text : texts) {
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** Returns the exit code for an error answer. The error code of the service is more precise than the status. */
    private static ExitCode exitCode(int status, @Nullable String code) {
        if (CANNOT_BE_SWEPT.equals(code)) {
            return ExitCode.NOT_SWEEPABLE;
        }
        // The service, or a proxy in front of it, has too much to do or restarts. Later the request may succeed.
        boolean isTemporary = status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
        if (NOT_RUNNING.equals(code) || isTemporary) {
            return ExitCode.UNREACHABLE;
        }
        if (status == 401 || status == 403) {
            return ExitCode.DENIED;
        }
        return status >= 400 && status < 500 ? ExitCode.USAGE : ExitCode.FAILED;
    }
}
