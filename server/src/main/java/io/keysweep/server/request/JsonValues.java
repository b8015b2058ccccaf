package io.keysweep.server.request;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.error.Phrase;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Converts single JSON values for {@link DocumentReader}.
 *
 * <p>The methods that read a value return empty if the value has another JSON type or is out of range. A text that
 * contains a number is not a number.
 */
final class JsonValues {

    private JsonValues() {}

    /** Converts one JSON value to the type of a field. */
    @FunctionalInterface
    interface Reader<T> {

        /** Returns the converted value, or empty if the value breaks the reader's rule. */
        Optional<T> read(JsonNode value);
    }

    /** Parses a text. Returns empty if the value is not a text, or if {@code parse} throws an exception. */
    static <T> Optional<T> text(JsonNode value, Function<String, T> parse) {
        if (!value.isString()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(value.stringValue()));
        } catch (IllegalArgumentException | DateTimeException e) {
            // The caller reports the value and the rule, which say more than the exception.
            return Optional.empty();
        }
    }

    /** Reads a text of at most {@code maxLength} characters that is not blank and has no control characters. */
    static Optional<String> printableText(JsonNode value, int maxLength) {
        return text(value, Function.identity())
                .filter(text -> !text.isBlank() && text.length() <= maxLength && ForeignText.isPrintable(text));
    }

    /** Reads a text of at most {@code maxLength} characters that is a name, see {@link ForeignText#isName}. */
    static Optional<String> name(JsonNode value, int maxLength) {
        return text(value, Function.identity()).filter(text -> text.length() <= maxLength && ForeignText.isName(text));
    }

    /** Reads a text of 1 to {@code maxBytes} bytes of UTF-8. */
    static Optional<String> secret(JsonNode value, int maxBytes) {
        return text(value, Function.identity())
                .filter(text -> !text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes);
    }

    /** Reads a whole number from {@code min} to {@code max}. A number with a decimal point, such as 5.0, is refused. */
    static Optional<Long> wholeNumber(JsonNode value, long min, long max) {
        return value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() >= min
                        && value.longValue() <= max
                ? Optional.of(value.longValue())
                : Optional.empty();
    }

    /** Reads a number above 0 and up to {@code max}. */
    static Optional<Double> positiveNumber(JsonNode value, double max) {
        return value.isNumber() && value.doubleValue() > 0 && value.doubleValue() <= max
                ? Optional.of(value.doubleValue())
                : Optional.empty();
    }

    /** Reads a decimal number from {@code min} to {@code max}, without rounding. */
    static Optional<BigDecimal> decimal(JsonNode value, BigDecimal min, BigDecimal max) {
        // A number such as 1e999999999 is refused first, because an infinite double has no decimal value.
        return value.isNumber()
                        && Double.isFinite(value.doubleValue())
                        && value.decimalValue().compareTo(min) >= 0
                        && value.decimalValue().compareTo(max) <= 0
                ? Optional.of(value.decimalValue())
                : Optional.empty();
    }

    /** Reads true or false. */
    static Optional<Boolean> flag(JsonNode value) {
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    /**
     * Returns the enum constant with a lower-case name.
     *
     * @throws IllegalArgumentException if no constant has the name, or the name has an upper-case letter
     */
    static <E extends Enum<E>> E constant(Class<E> type, String name) {
        // Only lower case is accepted, which is the spelling in responses.
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name);
        }
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }

    /** Returns the rule of an enum value for an error message: {@code one of a, b, c}. */
    static <E extends Enum<E>> Phrase constantRule(Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return Phrase.of("one of {0}", String.join(", ", names));
    }

    /** Returns the rule of a whole number for an error message. */
    static Phrase wholeNumberRule(long min, long max) {
        return Phrase.of("a whole number from {0} to {1}", min, max);
    }

    /**
     * Returns a value as an error message shows it: a text without its quotes, any other value as JSON. An object or a
     * list is shown as its brackets alone, because it can contain a password, and messages reach the log.
     */
    static String forMessage(JsonNode value) {
        if (value.isContainer() && !value.isEmpty()) {
            return value.isObject() ? "{…}" : "[…]";
        }
        return value.isString() ? value.stringValue() : value.toString();
    }

    /**
     * Returns a value as {@link #forMessage} does, for a place where an object is expected. A text is shown as {@code
     * "…"}, because it can be a URI with a password.
     */
    static String forMessageWithoutText(JsonNode value) {
        return value.isString() ? "\"…\"" : forMessage(value);
    }
}
