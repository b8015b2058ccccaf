package io.keysweep.server.error;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Creates the refusal of a request body that is not the JSON that an operation reads. */
final class MalformedBody {

    private MalformedBody() {}

    /** Returns the refusal of a body: of its unknown field, if it has one, otherwise of the whole body. */
    static RequestRefusedException refusal(HttpMessageNotReadableException thrown) {
        return thrown.getMostSpecificCause() instanceof UnrecognizedPropertyException unknown
                ? RequestRefusedException.fields(List.of(FieldProblem.unknown(
                        unknown.getPropertyName(),
                        Objects.requireNonNullElse(unknown.getKnownPropertyIds(), List.of()).stream()
                                .map(String::valueOf)
                                .toList())))
                : RequestRefusedException.of(ErrorCode.MALFORMED_BODY, reason(thrown));
    }

    /**
     * Returns the reason as a sentence, such as {@code interval has a value of another type at line 3, column 14.} It
     * names the place and never the text there, which can be a secret, and which the log would contain.
     */
    private static String reason(HttpMessageNotReadableException thrown) {
        if (!(thrown.getMostSpecificCause() instanceof JacksonException malformed)) {
            return "It is not one JSON object.";
        }
        String field = malformed.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        String place = malformed.getLocation() == null
                ? ""
                : " at line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr();
        return field.isEmpty()
                ? "It is not one JSON object" + place + "."
                : field + " has a value of another type" + place + ".";
    }
}
