package io.keysweep.server.console.page;

import io.keysweep.server.error.RequestRefusedException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts a form to a request body of the native API, so that form and API have the same rules and messages. */
public final class FormFields {

    /** The fields that are numbers in the API; all other fields are texts. */
    private static final Set<String> NUMBERS = Set.of("timeoutSeconds", "stallBudgetMs", "share", "rateCeiling");

    // With at most 15 digits, parseLong cannot overflow. The API refuses a longer text as not a number.
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,15}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");

    /**
     * The check box that removes the rate ceiling (the maximum number of keys visited per second). In the API, {@code
     * "rateCeiling": null} removes it.
     */
    private static final String WITHOUT_RATE_CEILING = "withoutRateCeiling";

    private FormFields() {}

    /**
     * Returns the known fields of a form as a JSON object. Empty fields and unknown fields are left out. Spaces at both
     * ends of a value are removed.
     *
     * @param form the values of the form by field name
     * @param fieldNames the names of the fields to convert
     */
    public static ObjectNode of(Map<String, String> form, List<String> fieldNames) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (String name : fieldNames) {
            put(body, name, form.getOrDefault(name, "").strip(), NUMBERS.contains(name));
        }
        // The check box overrides a number in the field.
        if (form.containsKey(WITHOUT_RATE_CEILING) && fieldNames.contains("rateCeiling")) {
            body.putNull("rateCeiling");
        }
        return body;
    }

    /** Returns fields that are numbers in the API as a JSON object. Empty fields are left out. */
    public static ObjectNode numbers(Map<String, String> form, List<String> fieldNames) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        fieldNames.forEach(name -> put(body, name, form.getOrDefault(name, "").strip(), /* isNumber= */ true));
        return body;
    }

    /**
     * Reads the version of a document that the page of a form has shown, from the hidden field {@code version}.
     *
     * @throws RequestRefusedException if the field is missing or is no number
     */
    public static int version(Map<String, String> form) {
        String version = form.getOrDefault("version", "");
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw RequestRefusedException.parameter("version", version, "the version that the page has shown");
        }
    }

    /**
     * Puts a field into a body. A text that is no number is put as a text, so that the API refuses it with its own
     * message.
     */
    private static void put(ObjectNode body, String name, String rawText, boolean isNumber) {
        String text = isNumber && !NUMBER.matcher(rawText).matches() ? NumberText.plain(name, rawText) : rawText;
        if (isNumber && WHOLE_NUMBER.matcher(text).matches()) {
            body.put(name, Long.parseLong(text));
        } else if (isNumber && NUMBER.matcher(text).matches()) {
            body.put(name, new BigDecimal(text));
        } else if (!text.isEmpty()) {
            body.put(name, text);
        }
    }
}
