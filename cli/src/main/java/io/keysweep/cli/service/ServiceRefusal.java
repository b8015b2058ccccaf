package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns an error answer, be it problem JSON or the DCS form, into one clear line and an exit code. */
final class ServiceRefusal {

    private static final String NOT_RUNNING = "DCS.4049";
    private static final String CANNOT_BE_SWEPT = "DCS.4818";

    private ServiceRefusal() {}

    static CommandFailure of(int status, String body, JsonMapper json) {
        JsonNode error = parsed(body, json);
        String code = firstOf(text(error, "error_code"), text(error, "code"));
        String message = firstOf(text(error, "error_msg"), text(error, "detail"), text(error, "title"));
        String line = "the service says: "
                + (message == null ? "HTTP " + status : message)
                + (code == null ? message == null ? "" : " (HTTP " + status + ")" : " (" + code + ")");
        return new CommandFailure(exitCode(status, code), line);
    }

    private static JsonNode parsed(String body, JsonMapper json) {
        try {
            return json.readTree(body.isBlank() ? "{}" : body);
        } catch (JacksonException e) {
            return json.createObjectNode();
        }
    }

    private static @Nullable String text(JsonNode error, String field) {
        String text = error.path(field).asString("");
        return text.isBlank() ? null : text.strip();
    }

    private static @Nullable String firstOf(@Nullable String... texts) {
        for (String text : texts) {
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static ExitCode exitCode(int status, @Nullable String code) {
        if (CANNOT_BE_SWEPT.equals(code)) {
            return ExitCode.NOT_SWEEPABLE;
        }
        if (NOT_RUNNING.equals(code) || status == 502 || status == 503 || status == 504) {
            return ExitCode.UNREACHABLE;
        }
        if (status == 401 || status == 403) {
            return ExitCode.DENIED;
        }
        return status >= 400 && status < 500 ? ExitCode.USAGE : ExitCode.FAILED;
    }
}
