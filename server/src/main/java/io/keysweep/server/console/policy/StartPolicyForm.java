package io.keysweep.server.console.policy;

import io.keysweep.api.StartPolicyDocument;
import io.keysweep.api.text.DurationText;
import io.keysweep.server.console.page.DurationFields;
import io.keysweep.server.console.page.FormFields;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts a start policy to the fields of a form and back.
 *
 * <p>A start policy decides when an automatic scan is worthwhile, and which events other than the schedule start one.
 */
public final class StartPolicyForm {

    private static final List<String> NUMBERS =
            List.of("deadPercent", "deadMegabytes", "memoryPercent", "backlogTarget");
    private static final List<String> CHECK_BOXES = List.of("samplePrimary", "evictions");

    private static final String QUIET = "quietMinutes";

    private StartPolicyForm() {}

    /** Returns the fields of a document; a value that is not set has no field. */
    public static Map<String, String> of(StartPolicyDocument document) {
        Map<String, String> values = new HashMap<>();
        put(values, "deadPercent", document.deadPercent());
        put(values, "deadMegabytes", document.deadMegabytes());
        put(values, "memoryPercent", document.memoryPercent());
        put(values, "backlogTarget", document.backlogTarget());
        if (Boolean.TRUE.equals(document.samplePrimary())) {
            values.put("samplePrimary", "on");
        }
        if (Boolean.TRUE.equals(document.evictions())) {
            values.put("evictions", "on");
        }
        Integer quiet = document.quietMinutes();
        if (quiet != null) {
            values.put(QUIET, DurationText.of(Duration.ofMinutes(quiet)));
        }
        return values;
    }

    private static void put(Map<String, String> values, String name, @Nullable Number number) {
        if (number != null) {
            values.put(
                    name, new BigDecimal(number.toString()).stripTrailingZeros().toPlainString());
        }
    }

    /** Returns the document of the API that a form describes. */
    static ObjectNode document(Map<String, String> form) {
        ObjectNode document = FormFields.numbers(form, NUMBERS);
        for (String name : CHECK_BOXES) {
            // A browser sends a check box only if it is checked.
            if (form.containsKey(name)) {
                document.put(name, true);
            }
        }
        DurationFields.put(document, QUIET, form.getOrDefault(QUIET, ""));
        return document;
    }
}
