package io.keysweep.server.console.instance;

import io.keysweep.api.text.DurationText;
import io.keysweep.server.autoscan.AutoScanChange;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.console.page.MomentText;
import io.keysweep.server.console.page.NumberText;
import io.keysweep.server.console.page.PageFormat;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts schedules of automatic scans to form fields and back: durations as people write them, and times in UTC.
 *
 * <p>A schedule says when the service starts automatic scans of an instance, and with which limits. The form is a part
 * of the instance page.
 */
final class AutoScanForm {

    /** At most 9 digits, so that {@code Integer.valueOf} cannot overflow. */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

    private AutoScanForm() {}

    /**
     * Returns the form fields of a schedule; a value that is not set has no field. Without a schedule, returns
     * suggestions: a scan every day, with the fastest pace, and with the lowest timeout that the DCS API (the API of
     * Huawei Cloud's Distributed Cache Service) allows.
     *
     * <p>If the first start of an enabled schedule has passed, the field contains the next start. The schedule then
     * continues with the same starts. The API would refuse a first start in the past.
     *
     * @param config the schedule; null if none was ever set
     * @param now the current time
     */
    static Map<String, String> of(@Nullable AutoScanConfig config, Instant now) {
        Map<String, String> fields = new HashMap<>();
        if (config == null) {
            // The timeout must be at least twice the interval.
            return Map.of("interval", "1 d", "timeout", "2 d", "scanKeysCount", "1000");
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
            fields.put(name, DurationText.of(duration));
        }
    }

    /**
     * Reads the change that a form requests; the change leaves out empty fields. This method checks only that numbers
     * are whole numbers and durations are durations; {@code Schedules} checks all other rules.
     *
     * @throws RequestRefusedException if a field that takes a number or a duration contains another text
     */
    static AutoScanChange change(Map<String, String> form) {
        String first = form.getOrDefault("firstScanAt", "").strip();
        return new AutoScanChange(
                // A browser sends a check box only if it is checked.
                form.containsKey("enabled"),
                first.isEmpty() ? null : moment(first),
                seconds(form, "interval", ErrorCode.INVALID_INTERVAL),
                seconds(form, "timeout", ErrorCode.INVALID_TIMEOUT),
                wholeNumber(form, "scanKeysCount", ErrorCode.INVALID_SCAN_KEYS_COUNT));
    }

    /**
     * Reads a field with a whole number; returns null if the field is empty.
     *
     * @param code the error code for a text that is not a whole number
     */
    private static @Nullable Integer wholeNumber(Map<String, String> form, String name, ErrorCode code) {
        String text = form.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return null;
        }
        String number = NumberText.plain(name, text);
        if (!WHOLE_NUMBER.matcher(number).matches()) {
            throw RequestRefusedException.of(
                    code, Phrase.of("{0} is '{1}', must be {2}.", name, text, Phrase.of("a whole number")));
        }
        return Integer.valueOf(number);
    }

    /**
     * Reads the first start, and returns it in the form of the API.
     *
     * @throws RequestRefusedException if the text is no moment
     */
    private static String moment(String text) {
        return MomentText.beginning(text)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.INVALID_FIRST_SCAN_AT,
                        Phrase.of(
                                "{0} is '{1}', must be {2}.",
                                "firstScanAt",
                                text,
                                Phrase.of("a time such as 2026-12-24 02:00 or 2026-12-24 02:00 GMT+8"))))
                .toString();
    }

    /**
     * Reads a field with a duration and returns seconds; returns null if the field is empty.
     *
     * @param code the error code for a text that is not a duration
     */
    private static @Nullable Integer seconds(Map<String, String> form, String name, ErrorCode code) {
        String text = form.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return null;
        }
        long seconds = DurationText.parse(text)
                // The schedule has whole seconds.
                .filter(duration -> duration.toNanosPart() == 0)
                .map(Duration::toSeconds)
                .orElseThrow(() -> RequestRefusedException.of(
                        code, Phrase.of("{0} is '{1}', must be {2}.", name, text, Phrase.of(DurationText.RULE))));
        // The rules refuse such a long duration, and name the limit.
        return (int) Math.min(seconds, Integer.MAX_VALUE);
    }
}
