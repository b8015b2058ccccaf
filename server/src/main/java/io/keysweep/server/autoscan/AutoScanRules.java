package io.keysweep.server.autoscan;

import io.keysweep.server.autoscan.AutoScanWording.Broken;
import io.keysweep.server.autoscan.AutoScanWording.Field;
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
 * Checks a requested schedule and makes the configuration of it that is stored. The rules are those of
 * "UpdateExpireAutoScanConfig" in the DCS API reference. They apply to the native API too.
 */
final class AutoScanRules {

    private static final int MIN_SCAN_KEYS_COUNT = 10;
    private static final int MAX_SCAN_KEYS_COUNT = 1000;

    /** Minimum timeout of a schedule with a single start. */
    private static final int MIN_TIMEOUT_SECONDS = 2;

    /** Rules that the change breaks, found so far. */
    private final List<Broken> broken = new ArrayList<>();

    private final boolean enabled;

    /** The configuration whose values take the place of those that the change leaves out; null for none. */
    private final @Nullable AutoScanConfig kept;

    private AutoScanRules(boolean enabled, @Nullable AutoScanConfig kept) {
        this.enabled = enabled;
        this.kept = kept;
    }

    /**
     * Returns the configuration that results from a change.
     *
     * <p>A change that enables the schedule needs all values. Any other change keeps the values that it leaves out, and
     * one that does not say whether the schedule is enabled leaves it on or off.
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
        boolean enables = Boolean.TRUE.equals(change.enabled());
        boolean enabled = change.enabled() == null ? previous != null && previous.enabled() : enables;
        AutoScanConfig kept = enables ? null : previous;
        AutoScanRules rules = new AutoScanRules(enabled, kept);
        Instant firstScanAt = rules.firstScanAt(change.firstScanAt(), now);
        Duration interval = rules.interval(change.interval());
        Duration timeout = rules.timeout(change.timeout(), interval);
        Integer count = rules.scanKeysCount(change.scanKeysCount());
        if (!rules.broken.isEmpty()) {
            throw wording.refusal(rules.broken);
        }
        AutoScanConfig next = new AutoScanConfig(
                instanceId,
                enabled,
                firstScanAt,
                interval,
                timeout,
                count,
                /* version= */ previous == null ? 1 : previous.version() + 1,
                /* lastDue= */ null,
                now.truncatedTo(ChronoUnit.MILLIS));
        return kept == null ? next : next.withLastDue(lastDue(next, kept, now));
    }

    /**
     * Returns the due time of the last start that was taken or skipped, for a schedule that goes on. If its starts are
     * at other times now, those in the past are not made up for.
     */
    private static @Nullable Instant lastDue(AutoScanConfig next, AutoScanConfig kept, Instant now) {
        boolean sameStarts = Objects.equals(next.firstScanAt(), kept.firstScanAt())
                && Objects.equals(next.interval(), kept.interval());
        return sameStarts || !next.enabled()
                ? kept.lastDue()
                : next.schedule().dueBy(now).orElse(null);
    }

    private @Nullable Instant firstScanAt(@Nullable String text, Instant now) {
        String rule = "a date-time as 2026-11-25T02:00:00.000Z";
        if (text == null) {
            missing(Field.FIRST_SCAN_AT, rule);
            return kept == null ? null : kept.firstScanAt();
        }
        try {
            Instant instant = IsoDateTime.parse(text);
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
        return seconds(Field.INTERVAL, seconds, 0, kept == null ? null : kept.interval());
    }

    /**
     * Returns the timeout. It must be at least twice the interval, or 2 seconds if the schedule has a single start. A
     * kept timeout must fit a new interval, too, if scans start.
     */
    private @Nullable Duration timeout(@Nullable Integer seconds, @Nullable Duration interval) {
        long min = interval == null || !interval.isPositive() ? MIN_TIMEOUT_SECONDS : 2 * interval.toSeconds();
        Duration before = kept == null ? null : kept.timeout();
        if (seconds == null && enabled && before != null && before.toSeconds() < min) {
            refused(Field.TIMEOUT, before.toSeconds(), "at least " + min + " seconds");
        }
        return seconds(Field.TIMEOUT, seconds, min, before);
    }

    private @Nullable Duration seconds(Field field, @Nullable Integer seconds, long min, @Nullable Duration before) {
        String rule = "at least " + min + " seconds";
        if (seconds == null) {
            missing(field, rule);
            return before;
        }
        if (seconds < min) {
            refused(field, seconds, rule);
        }
        return Duration.ofSeconds(seconds);
    }

    private @Nullable Integer scanKeysCount(@Nullable Integer count) {
        String rule = MIN_SCAN_KEYS_COUNT + " to " + MAX_SCAN_KEYS_COUNT;
        if (count == null) {
            missing(Field.SCAN_KEYS_COUNT, rule);
        } else if (count < MIN_SCAN_KEYS_COUNT || count > MAX_SCAN_KEYS_COUNT) {
            refused(Field.SCAN_KEYS_COUNT, count, rule);
        }
        return count != null || kept == null ? count : kept.scanKeysCount();
    }

    /** Records that a field is missing, if the schedule is being enabled and there is no value to keep. */
    private void missing(Field field, String rule) {
        if (enabled && kept == null) {
            broken.add(new Broken(field, null, rule));
        }
    }

    private void refused(Field field, Object value, String rule) {
        broken.add(new Broken(field, value.toString(), rule));
    }
}
