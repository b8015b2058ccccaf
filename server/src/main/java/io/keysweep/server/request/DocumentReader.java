package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object of a request and collects every problem, so that one response reports all.
 *
 * <p>A read method returns empty for a field that is left out or null. For a field with a bad value, it records a
 * problem and also returns empty. After all fields are read, {@link #requireValid} refuses the request if there are
 * problems. An unknown field is also a problem. If the reader ignored a misspelt name, the setting of the client would
 * silently have no effect.
 *
 * <p>Example: {@code reader.integer("limit", 1, 100)} returns 7 if the field {@code limit} is 7. If the field is 0, the
 * call returns empty, and the response later says that {@code limit} must be a whole number from 1 to 100.
 *
 * <p>Readers of nested objects share the problem list of the whole document. A problem names its field by the path in
 * the document, such as {@code windows[0].from}. Not thread-safe.
 */
public final class DocumentReader {

    /** The object that is read; null if the request has no document, or if the value is not an object. */
    private final @Nullable JsonNode node;

    /** Records the problems of this object; shares them with the readers of the other objects of the document. */
    private final ObjectProblems problems;

    private DocumentReader(@Nullable JsonNode node, ObjectProblems problems) {
        this.node = node;
        this.problems = problems;
    }

    /**
     * Creates a reader of a whole document. Records a problem for each unknown field, or if the document is not an
     * object.
     *
     * @param document the document; null if the request has none
     * @param knownFields names of the fields that the document may have
     * @throws RequestRefusedException with {@code EMPTY_BODY} if the document is missing or is the JSON text {@code
     *     null}
     */
    public static DocumentReader of(@Nullable JsonNode document, Collection<String> knownFields) {
        if (document == null || document.isNull() || document.isMissingNode()) {
            throw RequestRefusedException.of(ErrorCode.EMPTY_BODY);
        }
        return new DocumentReader(document, ObjectProblems.ofDocument()).checkFields(knownFields);
    }

    /**
     * Creates a reader of a whole document like {@link #of}, or of an empty object if the request has no document.
     *
     * @throws RequestRefusedException with {@code EMPTY_BODY} if the document is the JSON text {@code null}
     */
    public static DocumentReader ofOptional(@Nullable JsonNode document, Collection<String> knownFields) {
        return document == null || document.isMissingNode()
                ? new DocumentReader(/* node= */ null, ObjectProblems.ofDocument())
                : of(document, knownFields);
    }

    /**
     * Records a problem for each unknown field, or one problem if the value is not an object. In the second case, the
     * returned reader has no fields, so that reading them adds only the problems of required fields.
     */
    private DocumentReader checkFields(Collection<String> knownFields) {
        if (node == null || !node.isObject()) {
            problems.addNoObject(node == null ? null : JsonValues.forMessageWithoutText(node));
            return new DocumentReader(/* node= */ null, problems);
        }
        for (String name : node.propertyNames()) {
            if (!knownFields.contains(name)) {
                problems.addUnknown(name, knownFields);
            }
        }
        return this;
    }

    /**
     * Calls {@code result} and returns its value if the whole document has no problem. Call this method after the last
     * field is read.
     *
     * @throws RequestRefusedException with all problems of the document, if it has any
     */
    public <T> T requireValid(Supplier<T> result) {
        List<FieldProblem> problemsFound = problems();
        if (!problemsFound.isEmpty()) {
            throw RequestRefusedException.fields(problemsFound);
        }
        return result.get();
    }

    /** Returns the problems that were recorded until now, in all objects of the document. */
    public List<FieldProblem> problems() {
        return problems.all();
    }

    /**
     * Records that a field of this object breaks a rule.
     *
     * @param name name of the field
     * @param value value as the client sent it; null if the field is missing
     * @param rule what the value must be, such as {@code a whole number from 1 to 100}
     */
    public void addProblem(String name, @Nullable String value, Phrase rule) {
        problems.add(name, value, rule);
    }

    /**
     * Records a problem with a field of this object whose sentence does not show the value.
     *
     * @param name name of the field
     * @param detail the rest of the sentence that begins with the path of the field, such as {@code " is not a URL."}
     */
    public void addProblem(String name, Phrase detail) {
        problems.add(name, detail);
    }

    /**
     * Records the problems that another reader has found in the value of a field.
     *
     * @param name name of the field; its path is put before the paths of the problems
     */
    public void addProblem(String name, List<FieldProblem> problemsOfValue) {
        problems.add(name, problemsOfValue);
    }

    /** Returns whether the object has the field, even if its value is null. */
    public boolean has(String name) {
        return node != null && node.has(name);
    }

    /** Returns whether the object has the field with the value null. */
    public boolean isNull(String name) {
        return node != null && node.has(name) && node.get(name).isNull();
    }

    /** Returns the value of a field; empty if the field is left out or null. */
    public Optional<JsonNode> value(String name) {
        return node == null
                ? Optional.empty()
                : Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    /**
     * Reads a text field and parses the text.
     *
     * @param rule what the text must be, for the sentence of a problem
     * @param parse parses the text; throws {@code IllegalArgumentException} or {@code DateTimeException} for a text
     *     that breaks the rule
     */
    public <T> Optional<T> text(String name, String rule, Function<String, T> parse) {
        return text(name, Phrase.of(rule), parse);
    }

    private <T> Optional<T> text(String name, Phrase rule, Function<String, T> parse) {
        return read(name, rule, value -> JsonValues.text(value, parse));
    }

    /** Reads a text like {@link #text}; a missing field is a problem. */
    public <T> Optional<T> requiredText(String name, String rule, Function<String, T> parse) {
        return requiredText(name, Phrase.of(rule), parse);
    }

    /** Reads a text like {@link #text}, for a rule with arguments; a missing field is a problem. */
    public <T> Optional<T> requiredText(String name, Phrase rule, Function<String, T> parse) {
        requirePresent(name, rule);
        return text(name, rule, parse);
    }

    /** Reads a text of 1 to {@code maxLength} characters that is not blank and has no control characters. */
    public Optional<String> printableText(String name, int maxLength) {
        return read(
                name,
                Phrase.of("a text of 1 to {0} characters without control characters", maxLength),
                value -> JsonValues.printableText(value, maxLength));
    }

    /**
     * Reads a name of 1 to {@code maxLength} characters. A name with invisible characters is a problem, because it
     * could look like another name.
     */
    public Optional<String> name(String name, int maxLength) {
        return read(
                name,
                Phrase.of(
                        "a text of 1 to {0} characters without control and invisible characters, in the composed"
                                + " form of Unicode (NFC)",
                        maxLength),
                value -> JsonValues.name(value, maxLength));
    }

    /** Reads a secret text of 1 to {@code maxBytes} bytes of UTF-8; a problem never shows the value. */
    public Optional<String> secret(String name, int maxBytes) {
        return value(name).flatMap(value -> {
            Optional<String> secret = JsonValues.secret(value, maxBytes);
            if (secret.isEmpty()) {
                addProblem(name, Phrase.of(" (not shown here) must be a text of 1 to {0} bytes.", maxBytes));
            }
            return secret;
        });
    }

    /** Reads the lower-case name of an enum constant, such as {@code hold} for {@code HOLD}. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return text(name, JsonValues.constantRule(type), text -> JsonValues.constant(type, text));
    }

    /** Reads a whole number from {@code min} to {@code max}. */
    public Optional<Integer> integer(String name, int min, int max) {
        return wholeNumber(name, min, max, JsonValues.wholeNumberRule(min, max)).map(Math::toIntExact);
    }

    /** Reads a whole number from {@code min} to {@code max}; a missing field is a problem. */
    public Optional<Integer> requiredInteger(String name, int min, int max) {
        requirePresent(name, JsonValues.wholeNumberRule(min, max));
        return integer(name, min, max);
    }

    /** Reads a whole number from {@code min} to {@code max}; {@code rule} is the text of the rule in a problem. */
    public Optional<Long> wholeNumber(String name, long min, long max, Phrase rule) {
        return read(name, rule, value -> JsonValues.wholeNumber(value, min, max));
    }

    /** Reads a number above 0 and up to {@code max}. */
    public Optional<Double> positiveNumber(String name, double max) {
        return read(
                name,
                Phrase.of(
                        "a number above 0 and up to {0}",
                        BigDecimal.valueOf(max).stripTrailingZeros().toPlainString()),
                value -> JsonValues.positiveNumber(value, max));
    }

    /** Reads a decimal number from {@code min} to {@code max}; {@code rule} is the text of the rule in a problem. */
    public Optional<BigDecimal> decimal(String name, String min, String max, Phrase rule) {
        return read(name, rule, value -> JsonValues.decimal(value, new BigDecimal(min), new BigDecimal(max)));
    }

    /** Reads a field with the value true or false. */
    public Optional<Boolean> flag(String name) {
        return read(name, Phrase.of("true or false"), JsonValues::flag);
    }

    /**
     * Reads a list of at most {@code maxSize} objects and returns one reader for each. An element that is not an object
     * is a problem, and its reader has no fields.
     *
     * @return one reader for each element; empty if the field is left out, or if its value is not a list or too long
     */
    public List<DocumentReader> objects(String name, int maxSize, Collection<String> knownFields) {
        List<DocumentReader> objects = new ArrayList<>();
        List<JsonNode> elements = elements(name, maxSize, "objects", JsonValues::forMessageWithoutText);
        for (int i = 0; i < elements.size(); i++) {
            objects.add(new DocumentReader(elements.get(i), problems.ofElement(name, i)).checkFields(knownFields));
        }
        return objects;
    }

    /**
     * Reads a list of lower-case names of enum constants, at most as many as there are constants.
     *
     * @return the constants in the order of the list, without the values that are not valid; empty if the field is left
     *     out, or if its value is not a list or too long
     */
    public <E extends Enum<E>> List<E> constants(String name, Class<E> type) {
        return texts(
                name,
                type.getEnumConstants().length,
                JsonValues.constantRule(type),
                text -> JsonValues.constant(type, text));
    }

    /**
     * Reads a list of at most {@code maxSize} texts and parses each.
     *
     * @param parse parses the text; throws {@code IllegalArgumentException} or {@code DateTimeException} for a text
     *     that breaks the rule
     * @return the results of {@code parse} for the texts that it accepted; empty if the field is left out, or if its
     *     value is not a list or too long
     */
    public <T> List<T> texts(String name, int maxSize, Phrase rule, Function<String, T> parse) {
        List<T> texts = new ArrayList<>();
        List<JsonNode> elements = elements(name, maxSize, "texts", JsonValues::forMessage);
        for (int i = 0; i < elements.size(); i++) {
            readAt(name + "[" + i + "]", elements.get(i), rule, value -> JsonValues.text(value, parse))
                    .ifPresent(texts::add);
        }
        return texts;
    }

    /**
     * Returns the elements of a list; records a problem and returns none if the value is not a list or too long.
     *
     * @param kind noun for the elements in the text of a problem, such as {@code objects}
     * @param toText returns the text by which a problem shows a value that is not such a list
     */
    private List<JsonNode> elements(String name, int maxSize, String kind, Function<JsonNode, String> toText) {
        JsonNode list = value(name).orElse(null);
        if (list == null) {
            return List.of();
        }
        if (!list.isArray() || list.size() > maxSize) {
            addProblem(name, toText.apply(list), Phrase.of("a list of at most {0} {1}", maxSize, Phrase.of(kind)));
            return List.of();
        }
        return List.copyOf(list.values());
    }

    /** Records a problem if the field is left out or null. */
    private void requirePresent(String name, Phrase rule) {
        if (value(name).isEmpty()) {
            addProblem(name, /* value= */ null, rule);
        }
    }

    /** Reads a field of this object; returns empty if it is left out or null, or if its value breaks the rule. */
    private <T> Optional<T> read(String name, Phrase rule, JsonValues.Reader<T> reader) {
        return value(name).flatMap(value -> readAt(name, value, rule, reader));
    }

    /**
     * Converts one value; records a problem and returns empty if the value breaks the rule.
     *
     * @param nameInObject name of the field in this object, such as {@code from}, or of an element such as {@code
     *     days[0]}
     */
    private <T> Optional<T> readAt(String nameInObject, JsonNode value, Phrase rule, JsonValues.Reader<T> reader) {
        Optional<T> result = reader.read(value);
        if (result.isEmpty()) {
            problems.add(nameInObject, JsonValues.forMessage(value), rule);
        }
        return result;
    }
}
