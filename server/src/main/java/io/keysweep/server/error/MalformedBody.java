package io.keysweep.server.error;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Creates for {@link ErrorAdvice} the refusal of a request body that is not the JSON object of the operation. */
final class MalformedBody {

    // Jackson has no types for these three mistakes, so the code distinguishes them by the beginnings of its messages.
    private static final String DUPLICATE_NAME = "Duplicate Object property";
    private static final String NUMBER_TOO_LARGE = "Numeric value";
    private static final String NOT_UTF_8 = "Invalid UTF-8";

    private MalformedBody() {}

    /**
     * Returns the refusal of a body. If the body has an unknown field, the refusal names the field; otherwise it
     * concerns the whole body.
     */
    static RequestRefusedException refusal(HttpMessageNotReadableException thrown) {
        // The last cause is the exact cause, unless it comes from code of the service that Jackson has called.
        Throwable cause = thrown.getMostSpecificCause() instanceof JacksonException exact ? exact : thrown.getCause();
        return switch (cause) {
            // Spring has found no body, or the text null, which is no object.
            case null -> RequestRefusedException.of(ErrorCode.EMPTY_BODY, "Send one JSON object.");
            case UnrecognizedPropertyException unknown ->
                RequestRefusedException.fields(List.of(FieldProblem.unknown(
                        unknown.getPropertyName(),
                        Objects.requireNonNullElse(unknown.getKnownPropertyIds(), List.of()).stream()
                                .map(String::valueOf)
                                .toList())));
            case JacksonException malformed -> RequestRefusedException.of(ErrorCode.MALFORMED_BODY, reason(malformed));
            default -> RequestRefusedException.of(ErrorCode.MALFORMED_BODY, "It is not one JSON object.");
        };
    }

    /**
     * Returns the reason as a sentence, such as {@code interval has a value of another type at line 3, column 14.} The
     * sentence names the place and never the text there: the text can be a secret, and the log would contain it.
     */
    private static String reason(JacksonException malformed) {
        if (malformed instanceof StreamConstraintsException) {
            return "It is nested too deeply, or a name, a text or a number in it is too long.";
        }

        String field = malformed.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        String place = malformed.getLocation() == null
                ? ""
                : " at line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr();

        String message = Objects.requireNonNullElse(malformed.getOriginalMessage(), "");
        if (message.startsWith(DUPLICATE_NAME)) {
            return "An object has a name twice" + place + ".";
        }
        if (message.startsWith(NOT_UTF_8)) {
            return "It is not UTF-8" + place + ".";
        }
        if (!field.isEmpty() && message.startsWith(NUMBER_TOO_LARGE)) {
            return field + " is a number out of range" + place + ".";
        }
        return field.isEmpty()
                ? "It is not one JSON object" + place + "."
                : field + " has a value of another type" + place + ".";
    }
}
