package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import io.keysweep.api.text.Amounts;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.instance.InstanceObservation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How pages word amounts and times, as of one moment. Times are in UTC, as everywhere in the service. Its methods are
 * public because templates call them.
 *
 * @param now the moment
 */
record Wording(Instant now) {

    private static final String NONE = "–";
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** {@code 1,234,567}. */
    public String number(long number) {
        return Amounts.count(number);
    }

    /** {@code 12.3 MiB}. */
    public String bytes(@Nullable Long bytes) {
        return bytes == null ? NONE : Amounts.bytes(bytes);
    }

    /** Formats milliseconds: {@code 1.4 ms}. */
    public String millis(double millis) {
        return Amounts.millis(millis);
    }

    /** Formats a fraction as percents: {@code 42 %}. It shows {@code 100 %} only for 1. */
    public String percent(double fraction) {
        return Amounts.percent(fraction);
    }

    /** {@code 2026-11-26 12:03:11 UTC}. */
    public String utc(@Nullable Instant moment) {
        return moment == null ? NONE : UTC.format(moment) + " UTC";
    }

    /** Formats how far a moment is from now: {@code 3 min ago}, {@code in 2 h 5 min}. */
    public String relative(Instant moment) {
        Duration away = Duration.between(moment, now);
        if (away.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return away.isNegative() ? "in " + Amounts.roughly(away.negated()) : Amounts.roughly(away) + " ago";
    }

    /** Formats a duration in its two largest units: {@code 1 h 5 min}. */
    public String span(Duration span) {
        return Amounts.duration(span);
    }

    /** A time given in seconds. */
    public String seconds(double seconds) {
        return span(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** How long a scan took, or has taken so far. */
    public String took(ScanView scan) {
        Instant started = scan.startedAt();
        Instant finished = scan.finishedAt();
        return started == null ? NONE : span(Duration.between(started, finished == null ? now : finished));
    }

    /** {@code Redis 7.0.15, 3 primaries}; a dash before anything was seen. */
    public String server(@Nullable InstanceObservation seen) {
        if (seen == null || seen.version() == null) {
            return NONE;
        }
        Integer shards = seen.shards();
        String name = String.valueOf(seen.flavour()).toLowerCase(Locale.ROOT);
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + " " + seen.version()
                + (shards == null || shards < 2 ? "" : ", " + shards + " primaries");
    }

    /** The form of a start for the field that asks for it, {@code 2026-11-26T02:00:00}. */
    public static String field(Instant moment) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(moment.atOffset(ZoneOffset.UTC));
    }

    /** The state in one word that a person looks for: a running scan that rests is on hold. */
    public String state(ScanView scan) {
        return scan.finishedAt() == null && scan.hold() != null ? "on hold" : scan.status();
    }

    /** A number without needless zeros, {@code 0.25}. */
    public String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** How a start is written in its field, tomorrow at two in the morning. */
    public String example() {
        Instant tomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(26));
        return "such as " + field(tomorrow);
    }

    /** Whose a policy is and who has set it, for people. */
    public String whose(String what, String source, @Nullable String setBy) {
        return switch (source) {
            case "instance" -> "the instance's own " + what + ", set by " + setBy;
            case "project" -> "the project's " + what + ", set by " + setBy;
            default -> "no " + what + " set";
        };
    }

    /** An id as maps have it. */
    public UUID id(String id) {
        return UUID.fromString(id);
    }

    /** What somebody has told a scan, as far as it still stands. */
    public List<Told> interventions(ScanInstructions orders) {
        List<Told> told = new ArrayList<>();
        add(told, "Cancelled by", orders.cancel());
        add(told, "Paused by", orders.active() ? orders.ownPause() : null);
        add(told, "Project held by", orders.active() ? orders.projectHold() : null);
        add(told, "Everything held by", orders.active() ? orders.globalHold() : null);
        add(told, "Pace changed by", orders.tune());
        return told;
    }

    private static void add(List<Told> told, String verb, @Nullable Intervention did) {
        if (did != null) {
            told.add(new Told(verb, did));
        }
    }

    /** What somebody has told a scan, and what it was. */
    record Told(String verb, Intervention did) {}
}
