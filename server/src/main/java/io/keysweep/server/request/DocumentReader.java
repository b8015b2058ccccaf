package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one object of a document strictly. What does not fit is noted with field, value and rule and reads as if it were
 * left out; {@link #whole} refuses everything that was noted at once. A field that nobody knows does not fit either: one
 * that is misspelt and passed over would be a wish that is silently not granted.
 */
public final class DocumentReader {

    private static final int MOST_NAME = 40;

    private final @Nullable JsonNode node;
    private final String path;
    private final List<FieldProblem> problems;

    private DocumentReader(@Nullable JsonNode node, String path, List<FieldProblem> problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /**
     * Begins with the whole document.
     *
     * @param known the fields that there may be
     * @throws RequestRefusedException if there is none
     */
    public static DocumentReader of(@Nullable JsonNode document, Collection<String> known) {
        if (document == null || document.isNull() || document.isMissingNode()) {
            throw RequestRefusedException.of(ErrorCode.EMPTY_BODY);
        }
        return new DocumentReader(document, "", new ArrayList<>()).checked(known);
    }

    /** The same where the document may be missing, and is empty then. */
    public static DocumentReader ofOptional(@Nullable JsonNode document, Collection<String> known) {
        return document == null || document.isMissingNode()
                ? new DocumentReader(null, "", new ArrayList<>())
                : of(document, known);
    }

    private DocumentReader checked(Collection<String> known) {
        if (node == null || !node.isObject()) {
            problems.add(FieldProblem.of(path.isEmpty() ? "body" : path, String.valueOf(node), "an object"));
            return new DocumentReader(null, path, problems);
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                String shown = name.length() > MOST_NAME ? name.substring(0, MOST_NAME) + "…" : name;
                problems.add(new FieldProblem(
                        at(shown),
                        " is unknown; known are "
                                + String.join(", ", known.stream().sorted().toList()) + "."));
            }
        }
        return this;
    }

    /**
     * What was read, if all of it fits.
     *
     * @throws RequestRefusedException for everything that does not
     */
    public <T> T whole(Supplier<T> read) {
        if (!problems.isEmpty()) {
            throw RequestRefusedException.fields(problems);
        }
        return read.get();
    }

    /** What has not fitted so far, in all objects of the document. */
    public List<FieldProblem> problems() {
        return List.copyOf(problems);
    }

    /** Notes what is wrong with a field of this object. */
    public void refuse(String name, @Nullable String value, String rule) {
        problems.add(FieldProblem.of(at(name), value, rule));
    }

    /** The same in other words; {@code says} follows the field's name. */
    public void refuse(String name, String says) {
        problems.add(new FieldProblem(at(name), says));
    }

    /** The same for what is wrong within an object that stands there. */
    public void refuse(String name, List<FieldProblem> within) {
        within.forEach(problem -> problems.add(problem.within(at(name))));
    }

    /** Whether the field is there, be it null. */
    public boolean has(String name) {
        return node != null && node.has(name);
    }

    /** Whether the field is there and null. */
    public boolean isNull(String name) {
        return node != null && node.has(name) && node.get(name).isNull();
    }

    /** What stands there; empty if it is left out or null. */
    public Optional<JsonNode> value(String name) {
        return node == null
                ? Optional.empty()
                : Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    /** Text that {@code parse} takes; empty if it is left out. */
    public <T> Optional<T> text(String name, String rule, Function<String, T> parse) {
        return value(name).flatMap(value -> parse(at(name), value, rule, parse));
    }

    /** The same where it must not be left out. */
    public <T> Optional<T> requiredText(String name, String rule, Function<String, T> parse) {
        required(name, rule);
        return text(name, rule, parse);
    }

    /** A text of 1 to {@code most} characters, not all blank and none of them a control character. */
    public Optional<String> words(String name, int most) {
        return text(name, "a text of 1 to " + most + " characters without control characters", text -> {
            if (text.isBlank() || text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(name);
            }
            return text;
        });
    }

    /** A text that is never shown, of at most so many bytes of UTF-8. */
    public Optional<String> secret(String name, int mostBytes) {
        return value(name).flatMap(value -> {
            if (value.isString()
                    && !value.stringValue().isEmpty()
                    && value.stringValue().getBytes(StandardCharsets.UTF_8).length <= mostBytes) {
                return Optional.of(value.stringValue());
            }
            problems.add(
                    new FieldProblem(at(name), " (not shown here) must be a text of 1 to " + mostBytes + " bytes."));
            return Optional.empty();
        });
    }

    /** One of the constants, written in lower case. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return text(name, names(type), text -> constantOf(type, text));
    }

    /** A whole number within bounds, both of them allowed. */
    public Optional<Integer> integer(String name, int min, int max) {
        return whole(name, min, max, wholeRule(min, max)).map(Math::toIntExact);
    }

    /** The same where it must not be left out. */
    public Optional<Integer> requiredInteger(String name, int min, int max) {
        required(name, wholeRule(min, max));
        return integer(name, min, max);
    }

    /** The same of any size, with the rule in words. */
    public Optional<Long> whole(String name, long min, long max, String rule) {
        return value(name).flatMap(value -> {
            if (value.isIntegralNumber()
                    && value.canConvertToLong()
                    && value.longValue() >= min
                    && value.longValue() <= max) {
                return Optional.of(value.longValue());
            }
            refuse(name, shown(value), rule);
            return Optional.empty();
        });
    }

    /** A number above 0 and up to {@code max}. */
    public Optional<Double> number(String name, double max) {
        return value(name).flatMap(value -> {
            if (value.isNumber() && value.doubleValue() > 0 && value.doubleValue() <= max) {
                return Optional.of(value.doubleValue());
            }
            refuse(name, shown(value), "a number above 0 and up to " + max);
            return Optional.empty();
        });
    }

    /** A number within bounds, both of them allowed, with the rule in words. */
    public Optional<BigDecimal> decimal(String name, String min, String max, String rule) {
        return value(name).flatMap(value -> {
            if (value.isNumber()
                    && Double.isFinite(value.doubleValue())
                    && value.decimalValue().compareTo(new BigDecimal(min)) >= 0
                    && value.decimalValue().compareTo(new BigDecimal(max)) <= 0) {
                return Optional.of(value.decimalValue());
            }
            refuse(name, shown(value), rule);
            return Optional.empty();
        });
    }

    /** True or false. */
    public Optional<Boolean> flag(String name) {
        return value(name).flatMap(value -> {
            if (value.isBoolean()) {
                return Optional.of(value.booleanValue());
            }
            refuse(name, shown(value), "true or false");
            return Optional.empty();
        });
    }

    /** A list of objects; empty if it is left out. */
    public List<DocumentReader> objects(String name, int most, Collection<String> known) {
        List<DocumentReader> objects = new ArrayList<>();
        List<JsonNode> elements = list(name, most, "objects");
        for (int i = 0; i < elements.size(); i++) {
            objects.add(new DocumentReader(elements.get(i), at(name) + "[" + i + "]", problems).checked(known));
        }
        return objects;
    }

    /** A list of constants, written in lower case. */
    public <E extends Enum<E>> List<E> constants(String name, Class<E> type) {
        return texts(name, type.getEnumConstants().length, names(type), text -> constantOf(type, text));
    }

    /** A list of texts that {@code parse} takes, at most {@code most}; empty if it is left out. */
    public <T> List<T> texts(String name, int most, String rule, Function<String, T> parse) {
        List<T> texts = new ArrayList<>();
        List<JsonNode> elements = list(name, most, "texts");
        for (int i = 0; i < elements.size(); i++) {
            parse(at(name) + "[" + i + "]", elements.get(i), rule, parse).ifPresent(texts::add);
        }
        return texts;
    }

    private List<JsonNode> list(String name, int most, String what) {
        JsonNode list = value(name).orElse(null);
        if (list == null) {
            return List.of();
        }
        if (!list.isArray() || list.size() > most) {
            refuse(name, shown(list), "a list of at most " + most + " " + what);
            return List.of();
        }
        return List.copyOf(list.values());
    }

    private void required(String name, String rule) {
        if (value(name).isEmpty()) {
            refuse(name, null, rule);
        }
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private <T> Optional<T> parse(String at, JsonNode value, String rule, Function<String, T> parse) {
        try {
            if (value.isString()) {
                return Optional.of(parse.apply(value.stringValue()));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // Told below, with the value and the rule.
        }
        problems.add(FieldProblem.of(at, shown(value), rule));
        return Optional.empty();
    }

    private static <E extends Enum<E>> E constantOf(Class<E> type, String text) {
        if (!text.equals(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(text);
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return "one of " + String.join(", ", names);
    }

    private static String wholeRule(long min, long max) {
        return "a whole number from " + min + " to " + max;
    }

    private static String shown(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}
