package io.keysweep.server.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the fields of a resource at one moment, so that the audit log can show which of them a call has changed.
 *
 * <p>The code that changes a resource makes one such object before the change and one after it. Each method {@code
 * with…} adds a field and returns this object; it adds nothing if the value is null.
 */
public final class AuditFields {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Adds a field. In the log, a number, a boolean, a JSON document or a list keeps its type; any other value appears
     * as its text.
     */
    public AuditFields with(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value);
        }
        return this;
    }

    /** Adds a field with a secret. The log never shows the secret, but the word {@code changed} if it has changed. */
    public AuditFields withSecret(String name, @Nullable String secret) {
        return with(name, AuditSecret.of(secret));
    }

    /**
     * Adds a field with a JSON document that is given as text.
     *
     * @throws tools.jackson.core.JacksonException if the text is not JSON
     */
    public AuditFields withJson(String name, @Nullable String json) {
        return with(name, json == null ? null : JSON.readTree(json));
    }

    /**
     * Returns the fields that differ from the fields at another moment, with the values of this moment. A field that
     * only the other moment has is null in the result.
     */
    Map<String, @Nullable Object> differing(AuditFields other) {
        Map<String, @Nullable Object> differing = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!value.equals(other.values.get(name))) {
                differing.put(name, toJsonValue(value));
            }
        });
        other.values.keySet().forEach(name -> {
            if (!values.containsKey(name)) {
                differing.put(name, null);
            }
        });
        return differing;
    }

    /**
     * Returns the value for JSON: a number, a boolean, a JSON document or a list unchanged, any other value as its
     * text.
     */
    private static Object toJsonValue(Object value) {
        return switch (value) {
            case Number number -> number;
            case Boolean flag -> flag;
            case JsonNode node -> node;
            case Iterable<?> list -> list;
            default -> Objects.toString(value);
        };
    }

    /** Returns the names of the fields only, so that no value gets into a log. */
    @Override
    public String toString() {
        return "AuditFields" + values.keySet();
    }
}
