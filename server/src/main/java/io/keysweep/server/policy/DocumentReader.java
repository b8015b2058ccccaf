package io.keysweep.server.policy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one object of a policy's document and refuses what does not fit, naming field, value and rule. A field that
 * nobody knows is refused as well: one that is misspelt and passed over would let sweeps run when they must not.
 */
public final class DocumentReader {

    private final JsonNode node;
    private final String path;

    private DocumentReader(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /**
     * Begins with the whole document.
     *
     * @param known the fields that there may be
     * @throws RequestRefusedException if it is no object, or has another field
     */
    public static DocumentReader of(@Nullable JsonNode document, Set<String> known) {
        if (document == null || document.isNull() || document.isMissingNode()) {
            throw RequestRefusedException.of(ErrorCode.EMPTY_BODY);
        }
        return new DocumentReader(document, "").checked(known);
    }

    private DocumentReader checked(Set<String> known) {
        if (!node.isObject()) {
            throw RequestRefusedException.parameter(path.isEmpty() ? "body" : path, node.toString(), "an object");
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER,
                        at(name),
                        at(name) + " is unknown; known are "
                                + String.join(", ", known.stream().sorted().toList()) + ".");
            }
        }
        return this;
    }

    /** Text that {@code parse} takes; empty if it is left out. */
    public <T> Optional<T> text(String name, String rule, Function<String, T> parse) {
        return value(name).map(value -> parse(at(name), value, rule, parse));
    }

    /** One of the constants, written in lower case. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return text(name, names(type), text -> constantOf(type, text));
    }

    /** A whole number within bounds, both of them allowed. */
    public Optional<Integer> integer(String name, int min, int max) {
        return value(name).map(value -> {
            if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
                throw RequestRefusedException.parameter(
                        at(name), shown(value), "a whole number from " + min + " to " + max);
            }
            return value.intValue();
        });
    }

    /** A number above 0 and up to {@code max}. */
    public Optional<Double> number(String name, double max) {
        return value(name).map(value -> {
            if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > max) {
                throw RequestRefusedException.parameter(at(name), shown(value), "a number above 0 and up to " + max);
            }
            return value.doubleValue();
        });
    }

    /** True or false. */
    public Optional<Boolean> flag(String name) {
        return value(name).map(value -> {
            if (!value.isBoolean()) {
                throw RequestRefusedException.parameter(at(name), shown(value), "true or false");
            }
            return value.booleanValue();
        });
    }

    /** A list of objects; empty if it is left out. */
    public List<DocumentReader> objects(String name, int most, Set<String> known) {
        List<DocumentReader> objects = new ArrayList<>();
        List<JsonNode> elements = list(name, most, "objects");
        for (int i = 0; i < elements.size(); i++) {
            objects.add(new DocumentReader(elements.get(i), at(name) + "[" + i + "]").checked(known));
        }
        return objects;
    }

    /** A list of constants, written in lower case. */
    public <E extends Enum<E>> List<E> constants(String name, Class<E> type) {
        List<E> constants = new ArrayList<>();
        List<JsonNode> elements = list(name, type.getEnumConstants().length, "texts");
        for (int i = 0; i < elements.size(); i++) {
            constants.add(
                    parse(at(name) + "[" + i + "]", elements.get(i), names(type), text -> constantOf(type, text)));
        }
        return constants;
    }

    /** A list of texts that {@code parse} takes, at most {@code most}; empty if it is left out. */
    public <T> List<T> texts(String name, int most, String rule, Function<String, T> parse) {
        List<T> texts = new ArrayList<>();
        List<JsonNode> elements = list(name, most, "texts");
        for (int i = 0; i < elements.size(); i++) {
            texts.add(parse(at(name) + "[" + i + "]", elements.get(i), rule, parse));
        }
        return texts;
    }

    /** Refuses a field of this object. */
    public RequestRefusedException refused(String name, @Nullable String value, String rule) {
        return RequestRefusedException.parameter(at(name), value, rule);
    }

    private List<JsonNode> list(String name, int most, String what) {
        JsonNode list = value(name).orElse(null);
        if (list == null) {
            return List.of();
        }
        if (!list.isArray() || list.size() > most) {
            throw RequestRefusedException.parameter(at(name), shown(list), "a list of at most " + most + " " + what);
        }
        return List.copyOf(list.values());
    }

    private Optional<JsonNode> value(String name) {
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static <T> T parse(String at, JsonNode value, String rule, Function<String, T> parse) {
        if (!value.isString()) {
            throw RequestRefusedException.parameter(at, shown(value), rule);
        }
        try {
            return parse.apply(value.stringValue());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw RequestRefusedException.parameter(at, value.stringValue(), rule);
        }
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

    private static String shown(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}
