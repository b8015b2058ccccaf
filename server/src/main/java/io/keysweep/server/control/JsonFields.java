package io.keysweep.server.control;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON body, each read by its rule. What is wrong is refused with the field's name, its value and the
 * rule; so is a field that nobody knows, since a misspelt one would be a wish that is silently not granted.
 */
public final class JsonFields {

    private final @Nullable JsonNode body;

    private JsonFields(@Nullable JsonNode body) {
        this.body = body;
    }

    /**
     * Of a body, which may be missing.
     *
     * @param known the fields that it may have
     */
    public static JsonFields of(@Nullable JsonNode body, List<String> known) {
        if (body == null || body.isMissingNode()) {
            return new JsonFields(null);
        }
        if (!body.isObject()) {
            throw RequestRefusedException.of(ErrorCode.MALFORMED_BODY, "The body must be a JSON object.");
        }
        for (String name : body.propertyNames()) {
            if (!known.contains(name)) {
                throw RequestRefusedException.parameter(
                        name.length() > 40 ? name.substring(0, 40) + "…" : name,
                        shown(body.get(name)),
                        "left out: known fields are " + String.join(", ", known));
            }
        }
        return new JsonFields(body);
    }

    /** A text of at most so many characters, none of them a control character; null if it is missing. */
    public @Nullable String text(String name, int max) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        String text = value.isString() ? value.asString() : "";
        if (!value.isString()
                || text.isBlank()
                || text.length() > max
                || text.chars().anyMatch(Character::isISOControl)) {
            throw refuse(name, "a text of 1 to " + max + " characters without control characters");
        }
        return text;
    }

    /** A number between two others; null if it is missing. */
    @Nullable BigDecimal number(String name, String least, String most, String rule) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()
                || !Double.isFinite(value.doubleValue())
                || value.decimalValue().compareTo(new BigDecimal(least)) < 0
                || value.decimalValue().compareTo(new BigDecimal(most)) > 0) {
            throw refuse(name, rule);
        }
        return value.decimalValue();
    }

    /** A whole number between two others; null if it is missing. */
    public @Nullable Long whole(String name, long least, long most, String rule) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw refuse(name, rule);
        }
        return value.asLong();
    }

    /** Whether the field is there and null. */
    boolean isNull(String name) {
        return body != null && body.has(name) && body.get(name).isNull();
    }

    /** Refuses a field by its rule. */
    public RequestRefusedException refuse(String name, String rule) {
        JsonNode value = value(name);
        return RequestRefusedException.parameter(name, value == null ? null : shown(value), rule);
    }

    private static String shown(JsonNode value) {
        return value.isString() ? value.asString() : value.toString();
    }

    private @Nullable JsonNode value(String name) {
        return body == null || !body.has(name) || body.get(name).isNull() ? null : body.get(name);
    }
}
