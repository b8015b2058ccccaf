package io.keysweep.server.console;

import io.keysweep.api.DatabaseView;
import io.keysweep.api.ScanView;
import io.keysweep.api.TimelineEventView;
import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.CoverageText;
import io.keysweep.server.instance.InstanceObservation;
import io.keysweep.server.instance.InstanceTags;
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
 * Formats amounts, times and states for the pages of the console. Times are in UTC.
 *
 * <p>The methods are public because templates call them. They return text, with a dash (–) for a value that is not
 * known, where a method says so.
 *
 * @param now present time, to which relative times such as {@code 3 min ago} refer
 */
record PageFormat(Instant now) {

    private static final String NONE = "–";
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Formats a count with thousands separators: {@code 1,234,567}. */
    public String number(long number) {
        return Amounts.count(number);
    }

    /** Formats a count like {@link #number}; a dash for null. */
    public String count(@Nullable Long number) {
        return number == null ? NONE : number(number);
    }

    /**
     * Formats why a database counts as covered, that is, why it holds no more expired keys: {@code visited}, or a
     * sentence if it had no key with a TTL. Returns a dash for null, which stands for a database that is not covered.
     */
    public String coverage(@Nullable String coverage) {
        if (coverage == null) {
            return NONE;
        }
        return DatabaseView.NO_TTL.equals(coverage) ? CoverageText.of(coverage) : "visited";
    }

    /** Formats the tags of an instance: {@code env=prod, team=shop}; a dash for none. */
    public String tags(InstanceTags tags) {
        return tags.values().isEmpty() ? NONE : TagsForm.text(tags);
    }

    /** Formats a number of bytes: {@code 12.3 MiB}; a dash for null. */
    public String bytes(@Nullable Long bytes) {
        return bytes == null ? NONE : Amounts.bytes(bytes);
    }

    /** Formats milliseconds with one decimal: {@code 1.4 ms}. */
    public String millis(double millis) {
        return Amounts.millis(millis);
    }

    /** Formats a fraction, 0 to 1, as whole percents, rounded down: {@code 42 %}. Only 1 gives {@code 100 %}. */
    public String percent(double fraction) {
        return Amounts.percent(fraction);
    }

    /** Formats a moment: {@code 2026-11-26 12:03:11 UTC}; a dash for null. */
    public String utc(@Nullable Instant moment) {
        return moment == null ? NONE : UTC.format(moment) + " UTC";
    }

    /**
     * Formats how far a moment is from the present: {@code 3 min ago}, {@code in 2 h 5 min}, or {@code now} within 1 s.
     * A time of 1 min or more is rounded to minutes.
     */
    public String relative(Instant moment) {
        Duration away = Duration.between(moment, now);
        if (away.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return away.isNegative() ? "in " + Amounts.roughly(away.negated()) : Amounts.roughly(away) + " ago";
    }

    /** Formats a duration in its two largest units: {@code 1 h 5 min}, or {@code 36.5 s} below 1 min. */
    public String span(Duration span) {
        return Amounts.duration(span);
    }

    /** Formats a number of seconds as {@link #span} does, rounded to milliseconds. */
    public String seconds(double seconds) {
        return span(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** Formats the duration of a scan, up to now while it runs; a dash before it has started. */
    public String took(ScanView scan) {
        Instant started = scan.startedAt();
        Instant finished = scan.finishedAt();
        return started == null ? NONE : span(Duration.between(started, finished == null ? now : finished));
    }

    /**
     * Formats the server of an instance: {@code Redis 7.0.15, 3 primaries}. Leaves out the number of a single primary.
     * Returns a dash if no version is known yet.
     */
    public String server(@Nullable InstanceObservation observation) {
        if (observation == null || observation.version() == null) {
            return NONE;
        }
        Integer shards = observation.shards();
        String name = String.valueOf(observation.flavour()).toLowerCase(Locale.ROOT);
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + " " + observation.version()
                + (shards == null || shards < 2 ? "" : ", " + shards + " primaries");
    }

    /** Formats a moment, in UTC, for the field of the first start: {@code 2026-11-26T02:00:00}. */
    public static String firstScanAt(Instant moment) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(moment.atOffset(ZoneOffset.UTC));
    }

    /** Formats a moment without its zone, for a table: {@code 2026-11-26 12:03:11}; a dash for null. */
    public String time(@Nullable Instant moment) {
        return moment == null ? NONE : UTC.format(moment);
    }

    /**
     * Formats the time of an event: {@code 2026-11-26 12:03:11}. An event that lasted has its end, too, without the
     * date: {@code 2026-11-26 12:03:11 to 12:04:00}.
     */
    public String period(TimelineEventView event) {
        Instant until = event.until();
        return time(event.at()) + (until == null ? "" : " to " + CLOCK.format(until));
    }

    /**
     * Formats what is known about an event of the timeline, apart from its type, time and originator: scope, server,
     * details, reason and how often it happened. Example: {@code the project · backup · 3 times}. Unknown parts are
     * left out.
     */
    public String account(TimelineEventView event) {
        List<String> parts = new ArrayList<>();
        if (event.scope() != null) {
            parts.add(event.scope().equals("all") ? "all projects" : "the project");
        }
        if (event.nodeId() != null) {
            parts.add(event.nodeId());
        }
        if (event.detail() != null) {
            parts.add(event.detail());
        }
        if (event.why() != null) {
            parts.add(event.why());
        }
        if (event.times() > 1) {
            parts.add(event.times() + " times");
        }
        return String.join(" · ", parts);
    }

    /** Formats a number without trailing zeros: {@code 0.25}. */
    public String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /**
     * Returns the hint of the field of the first start: {@code Example: 2026-11-26T02:00:00}. The time is 02:00
     * tomorrow.
     */
    public String example() {
        Instant twoOClockTomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(24 + 2));
        return "Example: " + firstScanAt(twoOClockTomorrow);
    }

    /**
     * Returns a sentence that says which policy applies to an instance and which access key has set it.
     *
     * @param policy name of the policy, such as {@code windows}
     * @param source owner of the policy: {@code instance}, {@code project} (the instance has none of its own), or
     *     {@code none}
     * @param setBy id of the access key that has set the policy; null if no policy is set
     */
    public String policySource(String policy, String source, @Nullable String setBy) {
        return switch (source) {
            case "instance" -> "This instance has its own " + policy + ", set by " + setBy + ".";
            case "project" -> "This instance uses the " + policy + " of its project, set by " + setBy + ".";
            default -> "This instance has no " + policy + ".";
        };
    }

    /** Converts the id of an instance from text to the UUID that is the key in maps of instances. */
    public UUID id(String id) {
        return UUID.fromString(id);
    }
}
