package io.keysweep.server.autoscan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words the refusal of a configuration as one API does. The rules are the same in every API. */
public enum AutoScanWording {
    /** The DCS API reports the first broken rule, with the error code of its field. */
    DCS {
        @Override
        RequestRefusedException refusal(List<Broken> rules) {
            Broken first = rules.getFirst();
            String name = first.field().dcsName;
            if (first.field() == Field.ENABLED) {
                return RequestRefusedException.parameter(name, first.value(), first.rule());
            }
            return RequestRefusedException.of(
                    first.field().code,
                    first.value() == null
                            ? name + " is missing, required when " + Field.ENABLED.dcsName + " is true."
                            : name + " is '" + first.value() + "', must be " + first.rule() + ".");
        }
    },
    /** The native API reports all broken rules, with its own field names. */
    NATIVE {
        @Override
        RequestRefusedException refusal(List<Broken> rules) {
            return RequestRefusedException.fields(rules.stream()
                    .map(rule -> FieldProblem.of(rule.field().nativeName, rule.value(), rule.rule()))
                    .toList());
        }
    };

    /** Returns the refusal of a configuration that breaks at least one rule. */
    abstract RequestRefusedException refusal(List<Broken> rules);

    /** Lists the fields of a configuration, with their names in both APIs. */
    enum Field {
        ENABLED("enable_auto_scan", "enabled", ErrorCode.INVALID_PARAMETER),
        FIRST_SCAN_AT("first_scan_at", "firstScanAt", ErrorCode.INVALID_FIRST_SCAN_AT),
        INTERVAL("interval", "intervalSeconds", ErrorCode.INVALID_INTERVAL),
        TIMEOUT("timeout", "timeoutSeconds", ErrorCode.INVALID_TIMEOUT),
        SCAN_KEYS_COUNT("scan_keys_count", "scanKeysCount", ErrorCode.INVALID_SCAN_KEYS_COUNT);

        private final String dcsName;
        private final String nativeName;
        private final ErrorCode code;

        Field(String dcsName, String nativeName, ErrorCode code) {
            this.dcsName = dcsName;
            this.nativeName = nativeName;
            this.code = code;
        }
    }

    /**
     * Describes a broken rule.
     *
     * @param field the field that breaks the rule
     * @param value the value in the request, or null if it is missing
     * @param rule what the field must be, such as {@code at least 2 seconds}
     */
    record Broken(Field field, @Nullable String value, String rule) {}
}
