package io.keysweep.server.autoscan;

import io.keysweep.server.autoscan.AutoScanWording.Broken;
import io.keysweep.server.autoscan.AutoScanWording.Field;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks a requested schedule and makes the configuration of it that is stored. The rules are those of
 * "UpdateExpireAutoScanConfig" in the DCS API reference. They apply to the native API too.
 */
final class AutoScanRules {

    private final List<Broken> broken = new ArrayList<>();
    private final boolean enabled;

    private AutoScanRules(boolean enabled) {
        this.enabled = enabled;
    }

    /**
     * Returns the configuration that results from a change.
     *
     * @param previous the current configuration, or null if there is none
     * @param wording the API whose words the exception uses
     * @throws RequestRefusedException if the change breaks a rule
     */
    static AutoScanConfig apply(
            UUID instanceId,
            @Nullable AutoScanConfig previous,
            AutoScanChange change,
            Instant now,
            AutoScanWording wording) {
        if (change.enabled() == null) {
            throw wording.refusal(List.of(new Broken(Field.ENABLED, null, "true or false")));
        }
        boolean enabled = change.enabled();
        AutoScanRules rules = new AutoScanRules(enabled);
        Instant firstScanAt = rules.firstScanAt(change.firstScanAt(), now);
        Duration interval = rules.interval(change.interval());
        Duration timeout = rules.timeout(change.timeout(), interval);
        Integer count = rules.scanKeysCount(change.scanKeysCount());
        if (!rules.broken.isEmpty()) {
            throw wording.refusal(rules.broken);
        }
        int version = previous == null ? 1 : previous.version() + 1;
        Instant updatedAt = now.truncatedTo(ChronoUnit.MILLIS);
        // lastDue is null: no start of the new schedule has been taken or skipped.
        if (enabled || previous == null) {
            return new AutoScanConfig(
                    instanceId, enabled, firstScanAt, interval, timeout, count, version, null, updatedAt);
        }
        // Switching the schedule off keeps its values, so that it can be switched on again.
        return new AutoScanConfig(
                instanceId,
                false,
                firstScanAt == null ? previous.firstScanAt() : firstScanAt,
                interval == null ? previous.interval() : interval,
                timeout == null ? previous.timeout() : timeout,
                count == null ? previous.scanKeysCount() : count,
                version,
                previous.lastDue(),
                updatedAt);
    }

    /**
     * Parses an ISO date-time in UTC, with or without {@code Z}, such as {@code 2026-11-25T02:00:00.000Z}.
     *
     * @throws DateTimeParseException if the text does not have that form
     */
    static Instant moment(String text) {
        // The DCS API accepts both forms. LocalDateTime accepts no Z, so it is cut off.
        String local = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        return LocalDateTime.parse(local).toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    }

    private @Nullable Instant firstScanAt(@Nullable String text, Instant now) {
        String rule = "a date-time as 2026-11-25T02:00:00.000Z";
        if (text == null) {
            missing(Field.FIRST_SCAN_AT, rule);
            return null;
        }
        try {
            Instant instant = moment(text);
            // A configuration that is switched off may keep a first start in the past.
            if (enabled && !instant.isAfter(now)) {
                refused(Field.FIRST_SCAN_AT, text, "later than " + now);
            }
            return instant;
        } catch (DateTimeParseException e) {
            refused(Field.FIRST_SCAN_AT, text, rule);
            return null;
        }
    }

    private @Nullable Duration interval(@Nullable Integer seconds) {
        return seconds(Field.INTERVAL, seconds, 0);
    }

    /** Returns the timeout. It must be at least twice the interval, or 2 seconds if the schedule has a single start. */
    private @Nullable Duration timeout(@Nullable Integer seconds, @Nullable Duration interval) {
        return seconds(
                Field.TIMEOUT, seconds, interval == null || !interval.isPositive() ? 2 : 2 * interval.toSeconds());
    }

    private @Nullable Duration seconds(Field field, @Nullable Integer seconds, long min) {
        String rule = "at least " + min + " seconds";
        if (seconds == null) {
            missing(field, rule);
            return null;
        }
        if (seconds < min) {
            refused(field, seconds, rule);
        }
        return Duration.ofSeconds(seconds);
    }

    private @Nullable Integer scanKeysCount(@Nullable Integer count) {
        String rule = "10 to 1000";
        if (count == null) {
            missing(Field.SCAN_KEYS_COUNT, rule);
        } else if (count < 10 || count > 1000) {
            refused(Field.SCAN_KEYS_COUNT, count, rule);
        }
        return count;
    }

    /** Records that a field is missing. Only an enabled schedule needs all fields. */
    private void missing(Field field, String rule) {
        if (enabled) {
            broken.add(new Broken(field, null, rule));
        }
    }

    private void refused(Field field, Object value, String rule) {
        broken.add(new Broken(field, value.toString(), rule));
    }
}
