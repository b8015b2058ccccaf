package io.keysweep.server.console.page;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceTags;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts the tags of an instance to a field of a form and back. The text of the field is a list such as {@code
 * env=prod, team=shop}, because neither keys nor values of tags can contain a comma.
 */
public final class TagsForm {

    /** Name of the field with the tags, in the form and in the document of the API. */
    public static final String FIELD = "tags";

    /** Name of the hidden field with the tags that the page had shown. */
    public static final String SHOWN = "shownTags";

    private TagsForm() {}

    /** Returns the tags as the text of the field; empty if there are none. */
    public static String text(InstanceTags tags) {
        return text(tags.values());
    }

    /** Returns tags, values by key, as the text of a field; empty if there are none, and for null. */
    public static String text(@Nullable Map<String, String> tags) {
        return tags == null
                ? ""
                : tags.entrySet().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.joining(", "));
    }

    /**
     * Returns the change that a form requests, as a document of the API. Tags that the page had shown and that the
     * field no longer has are removed. Tags that another user has added since then are kept.
     *
     * @throws RequestRefusedException if a part of the text is not {@code key=value}, or if a key occurs twice
     */
    public static ObjectNode change(Map<String, String> form) {
        ObjectNode tags = JsonNodeFactory.instance.objectNode();
        parse(form.getOrDefault(SHOWN, "")).keySet().forEach(tags::putNull);
        parse(form.getOrDefault(FIELD, "")).forEach(tags::put);
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.set(FIELD, tags);
        return change;
    }

    /**
     * Reads tags from a text like {@code env=prod, team=shop}.
     *
     * @throws RequestRefusedException if a part of the text is not {@code key=value}, or if a key occurs twice
     */
    public static Map<String, String> parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            String tag = part.strip();
            if (tag.isEmpty()) {
                continue;
            }
            int equals = tag.indexOf('=');
            if (equals < 0) {
                throw RequestRefusedException.parameter(FIELD, tag, "a list of key=value, separated by commas");
            }
            String key = tag.substring(0, equals).strip();
            if (tags.put(key, tag.substring(equals + 1).strip()) != null) {
                throw RequestRefusedException.parameter(FIELD, tag, "a list in which each key occurs once");
            }
        }
        return tags;
    }
}
