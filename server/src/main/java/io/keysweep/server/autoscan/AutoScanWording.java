package io.keysweep.server.autoscan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an API tells which rules of a configuration are broken: the rules are the same everywhere. */
public enum AutoScanWording {
    /** After the vendor: the first one, with its own code. */
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
    /** All of them, by the names of the native API. */
    NATIVE {
        @Override
        RequestRefusedException refusal(List<Broken> rules) {
            return RequestRefusedException.fields(rules.stream()
                    .map(rule -> FieldProblem.of(rule.field().nativeName, rule.value(), rule.rule()))
                    .toList());
        }
    };

    /** The refusal of one configuration. */
    abstract RequestRefusedException refusal(List<Broken> rules);

    /** A field of a configuration, by its names. */
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
     * A rule that is broken.
     *
     * @param field whose
     * @param value what stands there, or null if it is missing
     * @param rule what must be
     */
    record Broken(Field field, @Nullable String value, String rule) {}
}
