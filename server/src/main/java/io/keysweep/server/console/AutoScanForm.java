package io.keysweep.server.console;

import io.keysweep.server.autoscan.AutoScanChange;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts schedules of automatic scans to form fields and back, in seconds and UTC as in the DCS API.
 *
 * <p>A schedule says when the service starts scans of an instance by itself, and with which limits. The form is a part
 * of the instance page.
 */
final class AutoScanForm {

    /** At most 9 digits, so that {@code Integer.valueOf} cannot overflow. */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

    private AutoScanForm() {}

    /**
     * Returns the form fields of a schedule; a value that is not set has no field. Without a schedule, returns
     * suggestions: a scan every day, with the lowest timeout that DCS allows for it, and the fastest pace.
     *
     * <p>If the first start of an enabled schedule has passed, the field contains the next one: the schedule then goes
     * on with the same starts, and a first start in the past would be refused.
     *
     * @param config the schedule; null if none was ever set
     * @param now the present time
     */
    static Map<String, String> of(@Nullable AutoScanConfig config, Instant now) {
        Map<String, String> fields = new HashMap<>();
        if (config == null) {
            // One day, and two days: a timeout must be at least twice the interval.
            return Map.of("interval", "86400", "timeout", "172800", "scanKeysCount", "1000");
        }
        if (config.enabled()) {
            fields.put("enabled", "on");
        }
        put(fields, "interval", config.interval());
        put(fields, "timeout", config.timeout());
        Instant first = config.firstScanAt();
        if (first != null) {
            fields.put(
                    "firstScanAt", PageFormat.firstScanAt(config.startAfter(now).orElse(first)));
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
     * Reads the change that a form requests; an empty field is left out of it. This method checks only that numbers are
     * whole numbers; {@code Schedules} checks all other rules.
     *
     * @throws RequestRefusedException if a field that takes a number holds another text, or a number of more than 9
     *     digits
     */
    static AutoScanChange change(Map<String, String> form) {
        String first = form.getOrDefault("firstScanAt", "").strip();
        return new AutoScanChange(
                // A browser sends a check box only if it is checked.
                form.containsKey("enabled"),
                first.isEmpty() ? null : first,
                wholeNumber(form, "interval", ErrorCode.INVALID_INTERVAL),
                wholeNumber(form, "timeout", ErrorCode.INVALID_TIMEOUT),
                wholeNumber(form, "scanKeysCount", ErrorCode.INVALID_SCAN_KEYS_COUNT));
    }

    /**
     * Reads a number field; null if it is empty.
     *
     * @param code the error code of a text that is no whole number
     */
    private static @Nullable Integer wholeNumber(Map<String, String> form, String name, ErrorCode code) {
        String text = form.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw RequestRefusedException.of(code, name + " is '" + text + "', must be a whole number.");
        }
        return Integer.valueOf(text);
    }
}
