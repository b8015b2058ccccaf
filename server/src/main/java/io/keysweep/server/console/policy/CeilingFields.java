package io.keysweep.server.console.policy;

import io.keysweep.api.CeilingsDocument;
import io.keysweep.api.text.SizeText;
import io.keysweep.server.console.page.FormFields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts ceilings to the fields of a form and back. A ceiling is a value of the pace that no scan of its owner (a
 * project, a tag or an instance) may exceed without approval.
 *
 * <p>The prefix {@code tag-0-} marks the names of the fields of the first tag, {@code tag-1-} marks the fields of the
 * second tag, and so on.
 */
final class CeilingFields {

    private static final List<String> NUMBERS = List.of("maxShare", "maxRate", "maxLatencyMs", "maxEvictions");
    /** Number of empty rows that the form shows after its tags, so that a user can add a tag. */
    private static final int EMPTY_TAGS = 1;

    /** Number of tags that are read from a form. The API allows fewer, so it refuses a form with too many. */
    private static final int MAX_TAGS = 110;

    private CeilingFields() {}

    /** Returns the fields of a document, without the fields of its tags. */
    static Map<String, String> of(CeilingsDocument document) {
        Map<String, String> values = new HashMap<>();
        put(values, "maxProfile", document.maxProfile());
        putNumber(values, "maxShare", document.maxShare());
        putNumber(values, "maxRate", document.maxRate());
        putFlag(values, "namesStay", document.namesStay());
        putNumber(values, "maxLatencyMs", document.maxLatencyMs());
        putSize(values, document.maxReplicaLagBytes());
        putNumber(values, "maxEvictions", document.maxEvictions());
        putChoice(values, "assist", document.assist());
        return values;
    }

    /** Returns the ceilings of tags in a document; empty if it has none. */
    static List<CeilingsDocument.TagCeilings> tagsOf(CeilingsDocument document) {
        return Objects.requireNonNullElse(document.tags(), List.<CeilingsDocument.TagCeilings>of());
    }

    /** Returns the fields of each tag, without the prefix of their names. */
    static List<Map<String, String>> tags(List<CeilingsDocument.TagCeilings> ceilings) {
        List<Map<String, String>> tags = new ArrayList<>();
        for (CeilingsDocument.TagCeilings tag : ceilings) {
            Map<String, String> values = new HashMap<>();
            put(values, "key", tag.key());
            put(values, "value", tag.value());
            put(values, "maxProfile", tag.maxProfile());
            putNumber(values, "maxShare", tag.maxShare());
            putNumber(values, "maxRate", tag.maxRate());
            putFlag(values, "namesStay", tag.namesStay());
            putNumber(values, "maxLatencyMs", tag.maxLatencyMs());
            putSize(values, tag.maxReplicaLagBytes());
            putNumber(values, "maxEvictions", tag.maxEvictions());
            putChoice(values, "assist", tag.assist());
            putFlag(values, "needsApproval", tag.needsApproval());
            tags.add(values);
        }
        return tags;
    }

    /** Returns the fields of tags, and of an empty tag. */
    static List<Map<String, String>> withEmptyTags(List<Map<String, String>> tags) {
        List<Map<String, String>> rows = new ArrayList<>(tags);
        for (int i = 0; i < EMPTY_TAGS; i++) {
            rows.add(Map.of());
        }
        return rows;
    }

    /**
     * Returns the fields of the tags of a submitted form, and the fields of an empty tag. Leaves out tags without any
     * value.
     */
    static List<Map<String, String>> tags(Map<String, String> form) {
        return withEmptyTags(filledTags(form));
    }

    /** Returns the fields of each tag of a submitted form that has a value, without the prefix of their names. */
    private static List<Map<String, String>> filledTags(Map<String, String> form) {
        List<Map<String, String>> tags = new ArrayList<>();
        for (int i = 0; i < MAX_TAGS; i++) {
            String prefix = "tag-" + i + "-";
            Map<String, String> values = new HashMap<>();
            form.forEach((name, value) -> {
                if (name.startsWith(prefix) && !value.isBlank()) {
                    values.put(name.substring(prefix.length()), value.strip());
                }
            });
            if (!values.isEmpty()) {
                tags.add(values);
            }
        }
        return tags;
    }

    /**
     * Returns the document of the API that a form describes; it has no field if the form is empty.
     *
     * @param earlierTags fields of the tags on the pages before the page of the form
     * @param laterTags fields of the tags on the pages after the page of the form
     */
    static ObjectNode document(
            Map<String, String> form, List<Map<String, String>> earlierTags, List<Map<String, String>> laterTags) {
        ObjectNode document = fields(form);
        List<Map<String, String>> tags = new ArrayList<>(earlierTags);
        tags.addAll(filledTags(form));
        tags.addAll(laterTags);
        if (!tags.isEmpty()) {
            ArrayNode list = document.putArray("tags");
            for (Map<String, String> tag : tags) {
                ObjectNode fields = fields(tag);
                putText(fields, "key", tag);
                putText(fields, "value", tag);
                if (tag.containsKey("needsApproval")) {
                    fields.put("needsApproval", true);
                }
                list.add(fields);
            }
        }
        return document;
    }

    /** Returns the ceilings in fields without a prefix, which are of a project, of an instance or of one tag. */
    private static ObjectNode fields(Map<String, String> form) {
        ObjectNode document = FormFields.numbers(form, NUMBERS);
        putText(document, "maxProfile", form);
        if (form.containsKey("namesStay")) {
            document.put("namesStay", true);
        }
        String assist = form.getOrDefault("assist", "");
        if (!assist.isEmpty()) {
            document.put("assist", assist.equals("true"));
        }
        String lag = form.getOrDefault("maxReplicaLagBytes", "").strip();
        if (!lag.isEmpty()) {
            // A text that is not a size is sent as a text, so that the API refuses it with its own message.
            SizeText.parse(lag)
                    .ifPresentOrElse(
                            bytes -> document.put("maxReplicaLagBytes", bytes),
                            () -> document.put("maxReplicaLagBytes", lag));
        }
        return document;
    }

    private static void putText(ObjectNode document, String name, Map<String, String> form) {
        String text = form.getOrDefault(name, "").strip();
        if (!text.isEmpty()) {
            document.put(name, text);
        }
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private static void putNumber(Map<String, String> values, String name, @Nullable Number number) {
        if (number != null) {
            values.put(
                    name, new BigDecimal(number.toString()).stripTrailingZeros().toPlainString());
        }
    }

    private static void putSize(Map<String, String> values, @Nullable Long bytes) {
        if (bytes != null) {
            values.put("maxReplicaLagBytes", SizeText.of(bytes));
        }
    }

    private static void putChoice(Map<String, String> values, String name, @Nullable Boolean choice) {
        if (choice != null) {
            values.put(name, choice.toString());
        }
    }

    private static void putFlag(Map<String, String> values, String name, @Nullable Boolean flag) {
        if (Boolean.TRUE.equals(flag)) {
            values.put(name, "on");
        }
    }
}
