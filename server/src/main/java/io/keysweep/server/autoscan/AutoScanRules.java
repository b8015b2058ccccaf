package io.keysweep.server.autoscan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules of the DCS API reference ("UpdateExpireAutoScanConfig"), each with its own error code. */
final class AutoScanRules {

    private AutoScanRules() {}

    /**
     * The configuration that follows from a change.
     *
     * @param previous what stands now, or null
     * @throws RequestRefusedException for the first rule that is broken
     */
    static AutoScanConfig apply(
            UUID instanceId, @Nullable AutoScanConfig previous, AutoScanChange change, Instant now) {
        if (change.enabled() == null) {
            throw RequestRefusedException.parameter("enable_auto_scan", null, "true or false");
        }
        boolean enabled = change.enabled();
        Instant firstScanAt = firstScanAt(change.firstScanAt(), enabled, now);
        Duration interval = interval(change.interval(), enabled);
        Duration timeout = timeout(change.timeout(), interval, enabled);
        Integer count = scanKeysCount(change.scanKeysCount(), enabled);
        int version = previous == null ? 1 : previous.version() + 1;
        Instant updatedAt = now.truncatedTo(ChronoUnit.MILLIS);
        if (enabled || previous == null) {
            return new AutoScanConfig(
                    instanceId, enabled, firstScanAt, interval, timeout, count, version, null, updatedAt);
        }
        // Switching off keeps what was set, so that it can be switched on again from there.
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

    private static @Nullable Instant firstScanAt(@Nullable String text, boolean enabled, Instant now) {
        if (text == null) {
            requireDisabled(enabled, ErrorCode.INVALID_FIRST_SCAN_AT, "first_scan_at");
            return null;
        }
        Instant instant;
        try {
            String local = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            instant = LocalDateTime.parse(local).toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeParseException e) {
            throw refused(
                    ErrorCode.INVALID_FIRST_SCAN_AT, "first_scan_at", text, "a date-time as 2026-11-25T02:00:00.000Z");
        }
        // A configuration that is switched off may carry a start long past.
        if (enabled && !instant.isAfter(now)) {
            throw refused(ErrorCode.INVALID_FIRST_SCAN_AT, "first_scan_at", text, "later than " + now);
        }
        return instant;
    }

    private static @Nullable Duration interval(@Nullable Integer seconds, boolean enabled) {
        if (seconds == null) {
            requireDisabled(enabled, ErrorCode.INVALID_INTERVAL, "interval");
            return null;
        }
        if (seconds < 0) {
            throw refused(ErrorCode.INVALID_INTERVAL, "interval", seconds, "at least 0 seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    private static @Nullable Duration timeout(@Nullable Integer seconds, @Nullable Duration interval, boolean enabled) {
        if (seconds == null) {
            requireDisabled(enabled, ErrorCode.INVALID_TIMEOUT, "timeout");
            return null;
        }
        long least = interval == null || interval.isZero() ? 2 : 2 * interval.toSeconds();
        if (seconds < least) {
            throw refused(ErrorCode.INVALID_TIMEOUT, "timeout", seconds, "at least " + least + " seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    private static @Nullable Integer scanKeysCount(@Nullable Integer count, boolean enabled) {
        if (count == null) {
            requireDisabled(enabled, ErrorCode.INVALID_SCAN_KEYS_COUNT, "scan_keys_count");
            return null;
        }
        if (count < 10 || count > 1000) {
            throw refused(ErrorCode.INVALID_SCAN_KEYS_COUNT, "scan_keys_count", count, "10 to 1000");
        }
        return count;
    }

    private static void requireDisabled(boolean enabled, ErrorCode code, String field) {
        if (enabled) {
            throw RequestRefusedException.of(code, field + " is missing, required when enable_auto_scan is true.");
        }
    }

    private static RequestRefusedException refused(ErrorCode code, String field, Object value, String rule) {
        return RequestRefusedException.of(code, field + " is '" + value + "', must be " + rule + ".");
    }
}
