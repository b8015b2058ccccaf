package io.keysweep.server.autoscan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the APIs for schedules, each with its own words for a schedule that breaks rules: field names and an exception.
 * Both APIs have the same rules.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
public enum AutoScanWording {
    /** The terms of the DCS API, which reports only the first broken rule, with the error code of the field. */
    DCS {
        @Override
        RequestRefusedException refusal(List<Broken> rules) {
            Broken firstBroken = rules.getFirst();
            String name = firstBroken.field().dcsName;
            // A field is required only if the change enables the schedule, so only then can its value be missing.
            return RequestRefusedException.of(
                    firstBroken.field().code,
                    firstBroken.value() == null
                            ? Phrase.of("{0} is missing, required when enable_auto_scan is true.", name)
                            : Phrase.of("{0} is '{1}', must be {2}.", name, firstBroken.value(), firstBroken.rule()));
        }
    },
    /** The terms of the native API, which reports all broken rules together, with its own field names. */
    NATIVE {
        @Override
        RequestRefusedException refusal(List<Broken> rules) {
            return RequestRefusedException.fields(rules.stream()
                    .map(rule -> FieldProblem.of(rule.field().nativeName, rule.value(), rule.rule()))
                    .toList());
        }
    };

    /**
     * Returns the exception for a schedule that breaks rules.
     *
     * @param rules the broken rules, at least one
     */
    abstract RequestRefusedException refusal(List<Broken> rules);

    /** Returns the name of a field in this API. */
    String fieldName(ScheduleField field) {
        return this == DCS ? field.dcsName : field.nativeName;
    }

    /**
     * Lists the fields of a schedule. Each has a name in the DCS API, a name in the native API and a DCS error code.
     */
    enum ScheduleField {
        /** The time of the first start. */
        FIRST_SCAN_AT("first_scan_at", "firstScanAt", ErrorCode.INVALID_FIRST_SCAN_AT),
        /** The seconds between two starts. */
        INTERVAL("interval", "intervalSeconds", ErrorCode.INVALID_INTERVAL),
        /** The seconds after which a scan fails. */
        TIMEOUT("timeout", "timeoutSeconds", ErrorCode.INVALID_TIMEOUT),
        /** The number that limits the rate: a scan visits at most 200 times this number of keys per second. */
        SCAN_KEYS_COUNT("scan_keys_count", "scanKeysCount", ErrorCode.INVALID_SCAN_KEYS_COUNT);

        private final String dcsName;
        private final String nativeName;
        private final ErrorCode code;

        ScheduleField(String dcsName, String nativeName, ErrorCode code) {
            this.dcsName = dcsName;
            this.nativeName = nativeName;
            this.code = code;
        }
    }

    /**
     * Describes one rule of schedules that a request breaks.
     *
     * @param field the field that breaks the rule
     * @param value the value in the request, or null if it is missing
     * @param rule the rule as it follows "must be", such as {@code at least 2 seconds}
     */
    record Broken(ScheduleField field, @Nullable String value, Phrase rule) {}
}
