package io.keysweep.server.instance;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.request.DocumentReader;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Contains the tags by which users sort their instances: a text for each key, such as {@code prod} for {@code env}.
 *
 * <p>Huawei Cloud DCS (Distributed Cache Service), whose API the service also offers, has the same rules for keys and
 * values, and the same maximum number of tags.
 *
 * @param values the values by key, in the order of the keys; a value can be empty
 */
public record InstanceTags(SortedMap<String, String> values) {

    /** The tags of an instance that has none. */
    public static final InstanceTags NONE = new InstanceTags(new TreeMap<>());

    private static final int MAX_TAGS = 20;
    private static final int MAX_KEY_LENGTH = 128;
    private static final int MAX_VALUE_LENGTH = 255;

    /** The length of the column {@code instance.tags}. */
    private static final int MAX_JSON_LENGTH = 8000;

    /** The maximum number of characters of a key that an error message repeats. */
    private static final int MAX_SHOWN_LENGTH = 40;

    // \p{L}, \p{M} and \p{N} are letters, combining marks and digits of all scripts.
    private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{M}\\p{N} _.:=+@-]{1," + MAX_KEY_LENGTH + "}");
    private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{M}\\p{N} _.:/=+@-]{0," + MAX_VALUE_LENGTH + "}");
    private static final JsonMapper JSON = new JsonMapper();

    public InstanceTags {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Reads the tags from the text of the column {@code instance.tags}; null stands for no tags. */
    public static InstanceTags ofJson(@Nullable String json) {
        return json == null
                ? NONE
                : new InstanceTags(JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {}));
    }

    /** Returns the tags as a JSON object; null if there are none. */
    @Nullable String json() {
        return values.isEmpty() ? null : JSON.writeValueAsString(values);
    }

    /**
     * Reads the field {@code tags} of a document. As in a merge patch (RFC 7396), a key with null is removed, and keys
     * that the document leaves out are not changed. If the whole field is null, all tags are removed. Broken rules are
     * recorded at the reader.
     *
     * @param previous the tags to change
     * @return the changed tags; must not be used if the reader has recorded a problem
     */
    static InstanceTags read(DocumentReader reader, InstanceTags previous) {
        if (reader.isNull("tags")) {
            return NONE;
        }
        JsonNode tags = reader.value("tags").orElse(null);
        if (tags == null) {
            return previous;
        }
        if (!tags.isObject()) {
            reader.addProblem(
                    "tags",
                    tags.toString(),
                    Phrase.of("an object with a text for each key, such as {\"env\": \"prod\"}"));
            return previous;
        }

        SortedMap<String, String> newTags = new TreeMap<>(previous.values);
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            merge(reader, newTags, tag.getKey(), tag.getValue());
        }
        if (newTags.size() > MAX_TAGS) {
            reader.addProblem("tags", Phrase.of(" have {0} keys, must be at most {1}.", newTags.size(), MAX_TAGS));
        }

        // The rules for keys and values treat some letters as one character, and the database treats them as two. Tags
        // that obey the rules can therefore still be too long for the column.
        InstanceTags result = new InstanceTags(newTags);
        String json = result.json();
        if (json != null && json.length() > MAX_JSON_LENGTH) {
            reader.addProblem(
                    "tags",
                    Phrase.of(" have {0} characters in JSON, must be at most {1}.", json.length(), MAX_JSON_LENGTH));
        }
        return result;
    }

    /** Sets or removes one tag in {@code tags}, or records at the reader which rule the tag breaks. */
    private static void merge(DocumentReader reader, SortedMap<String, String> tags, String key, JsonNode value) {
        String name =
                "tags." + (key.length() > MAX_SHOWN_LENGTH ? ForeignText.beginning(key, MAX_SHOWN_LENGTH) + "…" : key);
        // DCS reserves keys that begin with _sys_ for itself.
        if (!isValid(KEY, key) || key.startsWith("_sys_")) {
            reader.addProblem(
                    name,
                    Phrase.of(
                            " has a bad key, must be 1 to {0}"
                                    + " letters, digits, spaces or _.:=+-@ without a space at either end or _sys_ in"
                                    + " front.",
                            MAX_KEY_LENGTH));
        } else if (value.isNull()) {
            tags.remove(key);
        } else if (!value.isString() || !isValid(VALUE, value.stringValue())) {
            reader.addProblem(
                    name,
                    value.isString() ? value.stringValue() : value.toString(),
                    Phrase.of(
                            "a text of 0 to {0} letters, digits, spaces or _.:/=+-@ without a space at either end",
                            MAX_VALUE_LENGTH));
        } else {
            tags.put(key, value.stringValue());
        }
    }

    /** Returns whether a text matches a pattern and has no space at either end. */
    private static boolean isValid(Pattern form, String text) {
        return form.matcher(text).matches() && text.strip().equals(text);
    }
}
