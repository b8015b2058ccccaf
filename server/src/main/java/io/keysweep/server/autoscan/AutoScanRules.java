package io.keysweep.server.autoscan;

import io.keysweep.server.autoscan.AutoScanWording.Broken;
import io.keysweep.server.autoscan.AutoScanWording.ScheduleField;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks a requested schedule, and creates the configuration that is stored for it.
 *
 * <p>A schedule says when automatic scans of an instance start. The rules come from "UpdateExpireAutoScanConfig" in the
 * API reference of DCS, the Distributed Cache Service of Huawei Cloud, whose API the service also offers. They also
 * apply to the native API.
 */
final class AutoScanRules {

    /** Minimum of {@code scan_keys_count}, by the DCS API reference. */
    static final int MIN_SCAN_KEYS_COUNT = 10;

    /** Maximum of {@code scan_keys_count}, by the DCS API reference. */
    private static final int MAX_SCAN_KEYS_COUNT = 1000;

    /** The minimum timeout if the schedule has a single start, or if its interval is missing. */
    private static final int MIN_TIMEOUT_SECONDS = 2;

    /** The broken rules found so far. */
    private final List<Broken> brokenRules = new ArrayList<>();

    /** Whether the schedule starts scans after the change. */
    private final boolean isEnabled;

    /** The configuration from which a value is kept if the change leaves it out; null if no value is kept. */
    private final @Nullable AutoScanConfig inherited;

    private AutoScanRules(boolean isEnabled, @Nullable AutoScanConfig inherited) {
        this.isEnabled = isEnabled;
        this.inherited = inherited;
    }

    /**
     * Returns the configuration that results from a change.
     *
     * <p>A change that enables the schedule needs all values. Any other change keeps the values that it leaves out. A
     * change without {@code enabled} leaves the schedule on or off as it is.
     *
     * @param previous the current configuration, or null if there is none
     * @param now the current time; the first start of an enabled schedule must be later if the change sets it
     * @param wording the API whose words the exception uses
     * @throws RequestRefusedException if the change breaks a rule
     */
    static AutoScanConfig apply(
            UUID instanceId,
            @Nullable AutoScanConfig previous,
            AutoScanChange change,
            Instant now,
            AutoScanWording wording) {
        boolean enables = Boolean.TRUE.equals(change.enabled());
        boolean wasEnabled = previous != null && previous.enabled();
        boolean isEnabled = change.enabled() == null ? wasEnabled : enables;
        // A change that enables the schedule keeps no values, so that none of an old schedule takes effect unseen.
        AutoScanConfig inherited = enables ? null : previous;

        // The order of these checks matters: the DCS API reports only the first broken rule.
        AutoScanRules rules = new AutoScanRules(isEnabled, inherited);
        Instant firstScanAt = rules.checkFirstScanAt(change.firstScanAt(), now);
        Duration interval = rules.checkInterval(change.interval());
        Duration timeout = rules.checkTimeout(change.timeout(), interval);
        Integer scanKeysCount = rules.checkScanKeysCount(change.scanKeysCount());
        if (!rules.brokenRules.isEmpty()) {
            throw wording.refusal(rules.brokenRules);
        }

        AutoScanConfig newConfig = new AutoScanConfig(
                instanceId,
                isEnabled,
                firstScanAt,
                interval,
                timeout,
                scanKeysCount,
                /* version= */ previous == null ? 1 : previous.version() + 1,
                /* lastDue= */ null,
                now.truncatedTo(ChronoUnit.MILLIS));
        return inherited == null ? newConfig : newConfig.withLastDue(lastDue(newConfig, inherited, now));
    }

    /**
     * Returns the last due time whose start counts as done, for a schedule that continues. If the change moves the
     * starts to other times, all starts in the past count as done, so that the schedule does not make up for them.
     */
    private static @Nullable Instant lastDue(AutoScanConfig newConfig, AutoScanConfig inherited, Instant now) {
        boolean hasSameStarts = Objects.equals(newConfig.firstScanAt(), inherited.firstScanAt())
                && Objects.equals(newConfig.interval(), inherited.interval());
        return hasSameStarts || !newConfig.enabled()
                ? inherited.lastDue()
                : newConfig.schedule().dueBy(now).orElse(null);
    }

    /** Checks the first start, and returns it; null if there is none, or if the text is not a date-time. */
    private @Nullable Instant checkFirstScanAt(@Nullable String text, Instant now) {
        Phrase rule = Phrase.of("a date-time as 2026-11-25T02:00:00.000Z");
        if (text == null) {
            recordIfMissing(ScheduleField.FIRST_SCAN_AT, rule);
            return inherited == null ? null : inherited.firstScanAt();
        }
        try {
            Instant instant = IsoDateTime.parse(text);
            // A configuration that is switched off may keep a first start in the past.
            if (isEnabled && !instant.isAfter(now)) {
                addBroken(
                        ScheduleField.FIRST_SCAN_AT,
                        text,
                        Phrase.of("later than {0}", now.truncatedTo(ChronoUnit.SECONDS)));
            }
            return instant;
        } catch (DateTimeParseException e) {
            addBroken(ScheduleField.FIRST_SCAN_AT, text, rule);
            return null;
        }
    }

    /** Checks the interval, which may be 0 for a single start, and returns it; null if there is none. */
    private @Nullable Duration checkInterval(@Nullable Integer seconds) {
        return checkSeconds(
                ScheduleField.INTERVAL, seconds, /* minSeconds= */ 0, inherited == null ? null : inherited.interval());
    }

    /**
     * Checks the timeout, and returns it; null if there is none. It must be at least twice the interval, or 2 seconds
     * if the schedule has a single start. A kept timeout of an enabled schedule is checked too, because the change may
     * set a longer interval.
     */
    private @Nullable Duration checkTimeout(@Nullable Integer seconds, @Nullable Duration interval) {
        long minSeconds = interval == null || !interval.isPositive() ? MIN_TIMEOUT_SECONDS : 2 * interval.toSeconds();
        Duration inheritedTimeout = inherited == null ? null : inherited.timeout();
        boolean mustFitKeptTimeout = seconds == null && isEnabled;
        if (mustFitKeptTimeout && inheritedTimeout != null && inheritedTimeout.toSeconds() < minSeconds) {
            addBroken(
                    ScheduleField.TIMEOUT, inheritedTimeout.toSeconds(), Phrase.of("at least {0} seconds", minSeconds));
        }
        return checkSeconds(ScheduleField.TIMEOUT, seconds, minSeconds, inheritedTimeout);
    }

    /**
     * Checks a number of seconds, and returns the duration; null if the change leaves it out and no value is kept.
     *
     * @param seconds value in the change, or null if the change leaves it out
     * @param inheritedValue value that is kept if the change leaves the field out, or null for none
     */
    private @Nullable Duration checkSeconds(
            ScheduleField field, @Nullable Integer seconds, long minSeconds, @Nullable Duration inheritedValue) {
        Phrase rule = Phrase.of("at least {0} seconds", minSeconds);
        if (seconds == null) {
            recordIfMissing(field, rule);
            return inheritedValue;
        }
        if (seconds < minSeconds) {
            addBroken(field, seconds, rule);
        }
        return Duration.ofSeconds(seconds);
    }

    /** Checks {@code scan_keys_count}, and returns it; null if there is none. */
    private @Nullable Integer checkScanKeysCount(@Nullable Integer count) {
        Phrase rule = Phrase.of("{0} to {1}", MIN_SCAN_KEYS_COUNT, MAX_SCAN_KEYS_COUNT);
        if (count == null) {
            recordIfMissing(ScheduleField.SCAN_KEYS_COUNT, rule);
            return inherited == null ? null : inherited.scanKeysCount();
        }
        if (count < MIN_SCAN_KEYS_COUNT || count > MAX_SCAN_KEYS_COUNT) {
            addBroken(ScheduleField.SCAN_KEYS_COUNT, count, rule);
        }
        return count;
    }

    /** Records that a field is missing, if the schedule is enabled after the change and there is no value to keep. */
    private void recordIfMissing(ScheduleField field, Phrase rule) {
        if (isEnabled && inherited == null) {
            brokenRules.add(new Broken(field, /* value= */ null, rule));
        }
    }

    private void addBroken(ScheduleField field, Object value, Phrase rule) {
        brokenRules.add(new Broken(field, value.toString(), rule));
    }
}
