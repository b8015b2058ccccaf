package io.keysweep.server.console;

import io.keysweep.server.control.JsonFields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a form as the native API reads its bodies, so that both go by the same rules and say the same about them. */
final class FormFields {

    private static final Set<String> NUMBERS = Set.of("timeoutSeconds", "stallBudgetMs", "share", "rateCeiling");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,15}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");

    /** Takes the ceiling away, where the API has a null. */
    private static final String WITHOUT_RATE_CEILING = "withoutRateCeiling";

    private FormFields() {}

    /**
     * The fields of a form that are known; what was left empty is left out, as are the form's own additions.
     *
     * @param form what was sent
     * @param known the fields that are read
     */
    static JsonFields of(Map<String, String> form, List<String> known) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (String name : known) {
            String text = form.getOrDefault(name, "").strip();
            if (NUMBERS.contains(name) && WHOLE.matcher(text).matches()) {
                body.put(name, Long.parseLong(text));
            } else if (NUMBERS.contains(name) && NUMBER.matcher(text).matches()) {
                body.put(name, new BigDecimal(text));
            } else if (!text.isEmpty()) {
                body.put(name, text);
            }
        }
        if (form.containsKey(WITHOUT_RATE_CEILING) && known.contains("rateCeiling")) {
            body.putNull("rateCeiling");
        }
        return JsonFields.of(body, known);
    }
}
