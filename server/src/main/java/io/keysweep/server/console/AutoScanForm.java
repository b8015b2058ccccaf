package io.keysweep.server.console;

import io.keysweep.server.autoscan.AutoScanChange;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The automatic scan configuration as a form: texts in fields, in seconds and UTC as in the DCS API. */
final class AutoScanForm {

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");

    private AutoScanForm() {}

    /** The fields of a configuration; of none, what a careful person may begin with. */
    static Map<String, String> of(@Nullable AutoScanConfig config) {
        Map<String, String> fields = new HashMap<>();
        if (config == null) {
            return Map.of("interval", "86400", "timeout", "172800", "scanKeysCount", "1000");
        }
        if (config.enabled()) {
            fields.put("enabled", "on");
        }
        put(fields, "interval", config.interval());
        put(fields, "timeout", config.timeout());
        if (config.firstScanAt() != null) {
            fields.put("firstScanAt", Wording.field(config.firstScanAt()));
        }
        if (config.scanKeysCount() != null) {
            fields.put("scanKeysCount", config.scanKeysCount().toString());
        }
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable Duration duration) {
        if (duration != null) {
            fields.put(name, Long.toString(duration.toSeconds()));
        }
    }

    /**
     * The change that a form asks for.
     *
     * @throws RequestRefusedException if a number is none; all other rules are the feature's
     */
    static AutoScanChange change(Map<String, String> form) {
        String first = form.getOrDefault("firstScanAt", "").strip();
        return new AutoScanChange(
                form.containsKey("enabled"),
                first.isEmpty() ? null : first,
                whole(form, "interval", ErrorCode.INVALID_INTERVAL),
                whole(form, "timeout", ErrorCode.INVALID_TIMEOUT),
                whole(form, "scanKeysCount", ErrorCode.INVALID_SCAN_KEYS_COUNT));
    }

    private static @Nullable Integer whole(Map<String, String> form, String name, ErrorCode code) {
        String text = form.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!WHOLE.matcher(text).matches()) {
            throw RequestRefusedException.of(code, name + " is '" + text + "', must be a whole number.");
        }
        return Integer.valueOf(text);
    }
}
