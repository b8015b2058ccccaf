package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import io.keysweep.server.instance.Observation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How pages word amounts and times, as of one moment. Times are in UTC, as everywhere in the service.
 *
 * @param now the moment
 */
record Wording(Instant now) {

    private static final String NONE = "–";
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** {@code 1,234,567}. */
    String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 12.3 MiB}. */
    String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return NONE;
        }
        double amount = bytes;
        int unit = 0;
        while (Math.abs(amount) >= 1024 && unit < 4) {
            amount /= 1024;
            unit++;
        }
        return String.format(
                Locale.ROOT,
                unit == 0 ? "%.0f %s" : "%.1f %s",
                amount,
                new String[] {"B", "KiB", "MiB", "GiB", "TiB"}[unit]);
    }

    /** Milliseconds, as exact as anybody cares. */
    String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    /** {@code 42.1 %}; never 100 before the end. */
    String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", Math.floor(fraction * 1000) / 10);
    }

    /** {@code 2026-11-26 12:03:11 UTC}. */
    String utc(@Nullable Instant moment) {
        return moment == null ? NONE : UTC.format(moment) + " UTC";
    }

    /** {@code 3 min ago}, {@code in 2 h 5 min}. */
    String relative(Instant moment) {
        Duration away = Duration.between(moment, now);
        if (away.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return away.isNegative() ? "in " + span(away.negated()) : span(away) + " ago";
    }

    /** {@code 1 h 5 min}: the two largest units. */
    String span(Duration span) {
        if (span.toSeconds() < 1) {
            return span.toMillis() + " ms";
        }
        if (span.toMinutes() < 1) {
            return span.toSeconds() + " s";
        }
        if (span.toHours() < 1) {
            return two(span.toMinutes(), "min", span.toSecondsPart(), "s");
        }
        return span.toDays() < 1
                ? two(span.toHours(), "h", span.toMinutesPart(), "min")
                : two(span.toDays(), "d", span.toHoursPart(), "h");
    }

    /** A time given in seconds. */
    String seconds(double seconds) {
        return span(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** How long a scan took, or has taken so far. */
    String took(ScanView scan) {
        Instant started = scan.startedAt();
        Instant finished = scan.finishedAt();
        return started == null ? NONE : span(Duration.between(started, finished == null ? now : finished));
    }

    /** {@code Redis 7.0.15, 3 primaries}; a dash before anything was seen. */
    String server(@Nullable Observation seen) {
        if (seen == null || seen.version() == null) {
            return NONE;
        }
        Integer shards = seen.shards();
        String name = String.valueOf(seen.flavour()).toLowerCase(Locale.ROOT);
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + " " + seen.version()
                + (shards == null || shards < 2 ? "" : ", " + shards + " primaries");
    }

    /** The form of a start for the field that asks for it, {@code 2026-11-26T02:00:00}. */
    String field(@Nullable Instant moment) {
        return moment == null ? "" : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(moment.atOffset(ZoneOffset.UTC));
    }

    /** The state in one word that a person looks for: a running scan that rests is on hold. */
    String state(ScanView scan) {
        return scan.finishedAt() == null && scan.hold() != null ? "on hold" : scan.status();
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
