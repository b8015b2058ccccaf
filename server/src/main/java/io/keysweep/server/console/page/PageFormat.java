package io.keysweep.server.console.page;

import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.api.TimelineEventView;
import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.DurationText;
import io.keysweep.server.iam.OidcPerson;
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
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;

/**
 * Formats amounts, times and states for the pages of the console. Times are in UTC; {@code times.js} in the browser
 * shows them in the zone of the browser.
 *
 * <p>The methods are public because templates call them. Most return text. Some accept null for an unknown value, and
 * then return a dash (–); their comments say so.
 *
 * @param now current time, to which relative times such as {@code 3 min ago} refer
 * @param messages catalogue of the words in these texts
 * @param locale language of the page
 */
public record PageFormat(Instant now, MessageSource messages, Locale locale) {

    private static final String NONE = "–";

    /** The number of ranges of slots that {@link #slots} writes out. */
    private static final int MAX_RANGES = 8;

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Formats a count with thousands separators: {@code 1,234,567}. */
    public String number(long number) {
        return Amounts.count(number);
    }

    /** Formats a count like {@link #number}; a dash for null. */
    public String count(@Nullable Long number) {
        return number == null ? NONE : number(number);
    }

    /** Returns a text that the service records in English, in the language of the page; null for null. */
    public @Nullable String recorded(@Nullable String english) {
        return english == null ? null : RecordedText.of(english);
    }

    /** Formats slots as their first ranges, and how many more there are: {@code 0-99, 200 +12}. */
    public String slots(String slots) {
        return firstRanges(slots, MAX_RANGES);
    }

    /**
     * Formats slots as their first ranges, and how many more there are: {@code 0-99, 200 +12}.
     *
     * @param slots the ranges, separated by commas; empty for none
     * @param max maximum number of ranges
     */
    public static String firstRanges(String slots, int max) {
        List<String> ranges = List.of(slots.split(","));
        return String.join(", ", ranges.subList(0, Math.min(max, ranges.size())))
                + (ranges.size() > max ? " +" + (ranges.size() - max) : "");
    }

    /** Formats the tags of an instance: {@code env=prod, team=shop}; a dash for none. */
    public String tags(InstanceTags tags) {
        return tags.values().isEmpty() ? NONE : TagsForm.text(tags);
    }

    /** Formats a number of bytes: {@code 12.3 MiB}; a dash for null. */
    public String bytes(@Nullable Long bytes) {
        return bytes == null ? NONE : Amounts.bytes(bytes);
    }

    /**
     * Formats the value of a ceiling in the language of the page.
     *
     * @param field name of the ceiling in the API, such as {@code maxShare}
     * @param value value of the ceiling as the API writes it, such as {@code 0.25}
     */
    public String ceiling(String field, String value) {
        return switch (field) {
            case "maxShare", "maxLatencyMs" -> plain(Double.parseDouble(value));
            case "maxRate", "maxEvictions" -> number(Long.parseLong(value));
            case "maxReplicaLagBytes" -> bytes(Long.valueOf(value));
            case "namesStay" -> word("advice.enough.yes");
            case "assist" -> word(value.equals("true") ? "ceiling.assist.allow" : "ceiling.assist.forbid");
            default -> value;
        };
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
            return word("time.now");
        }
        return away.isNegative()
                ? word("time.in", Amounts.roughly(away.negated()))
                : word("time.ago", Amounts.roughly(away));
    }

    /** Formats a duration in its two largest units: {@code 1 h 5 min}, or {@code 36.5 s} below 1 min. */
    public String span(Duration span) {
        return Amounts.duration(span);
    }

    /** Formats a number of minutes as forms show it: {@code 1 h 30 min}. */
    public String minutes(int minutes) {
        return DurationText.of(Duration.ofMinutes(minutes));
    }

    /** Formats a number of seconds in its two largest units: {@code 1 h 5 min}. It is first rounded to milliseconds. */
    public String seconds(double seconds) {
        return span(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** Formats the duration of a scan, up to now for a running scan; a dash for a scan that has not started. */
    public String took(ScanView scan) {
        Instant startedAt = scan.startedAt();
        Instant finishedAt = scan.finishedAt();
        if (startedAt == null) {
            return NONE;
        }
        Duration took = Duration.between(startedAt, finishedAt == null ? now : finishedAt);
        // The clocks of the machine that has started the scan and of this one can differ.
        return span(took.isNegative() ? Duration.ZERO : took);
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
        return product(String.valueOf(observation.flavour()), observation.version())
                + (shards == null || shards < 2 ? "" : word("server.primaries", shards));
    }

    /** Formats the product and the version of a server: {@code Redis 7.0.15} for the flavour {@code REDIS}. */
    public static String product(String flavour, String version) {
        return name(flavour) + " " + version;
    }

    /** Formats the product of a server: {@code Redis} for the flavour {@code REDIS}. */
    public String productName(String flavour) {
        return name(flavour);
    }

    private static String name(String flavour) {
        if (flavour.equals("UNKNOWN")) {
            return RecordedText.of("Unknown server");
        }
        return flavour.charAt(0) + flavour.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Formats a moment, in UTC, for the field of the first start: {@code 2026-11-26 02:00:00}. */
    public static String firstScanAt(Instant moment) {
        return UTC.format(moment);
    }

    /** Formats a moment in UTC without its zone, for a field: {@code 2026-11-26 12:03:11}; a dash for null. */
    public String time(@Nullable Instant moment) {
        return moment == null ? NONE : UTC.format(moment);
    }

    /**
     * Formats the time of an event: {@code 2026-11-26 12:03:11 UTC}. An event that lasted also has its end: {@code
     * 2026-11-26 12:03:11 UTC to 2026-11-26 12:04:00 UTC}.
     */
    public String period(TimelineEventView event) {
        Instant until = event.until();
        return utc(event.at()) + (until == null ? "" : word("time.until", utc(until)));
    }

    /**
     * Formats what is known about an event of the timeline, apart from its type, time and originator: scope, server,
     * details, reason and how often it happened. Example: {@code the project · backup · 3 times}. Unknown parts are
     * left out.
     */
    public String account(TimelineEventView event) {
        List<String> parts = new ArrayList<>();
        if (event.scope() != null) {
            parts.add(word(event.scope().equals("all") ? "event.scope.all" : "event.scope.project"));
        }
        if (event.nodeId() != null) {
            parts.add(event.nodeId());
        }
        if (event.detail() != null) {
            parts.add(RecordedText.of(event.detail()));
        }
        if (event.why() != null) {
            // A reason that a user has written is not translated.
            parts.add(isByService(event) ? RecordedText.of(event.why()) : event.why());
        }
        if (event.times() > 1) {
            parts.add(word("event.times", event.times()));
        }
        return String.join(" · ", parts);
    }

    /**
     * Returns who has caused an event; null for nobody. A part of the service is named in the language of the page.
     */
    public @Nullable String originator(TimelineEventView event) {
        return isByService(event) ? recorded(event.by()) : event.by();
    }

    /**
     * Returns whether no user has caused an event. The names of parts of the service, such as {@code backlog keeper},
     * have spaces. Names of callers have no spaces, except names from an OpenID Connect issuer.
     */
    private static boolean isByService(TimelineEventView event) {
        String by = event.by();
        return by == null || (by.indexOf(' ') >= 0 && !OidcPerson.isPerson(by));
    }

    /**
     * Returns in one word what the sweep of a node (a primary) does: {@code done}, {@code failed}, {@code held}, {@code
     * queued} (no worker has begun it) or {@code running}. The message catalogue has the words that the page shows.
     */
    public String nodeState(SweepView sweep) {
        if (sweep.finished()) {
            return sweep.failure() == null ? "done" : "failed";
        }
        if (sweep.runs() == 0) {
            return "queued";
        }
        return sweep.hold() == null ? "running" : "held";
    }

    /** Formats a number without trailing zeros: {@code 0.25}. */
    public String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /**
     * Formats the tags of the instances that a key or a user is limited to: {@code env=prod, team=shop}; empty for
     * null.
     */
    public String pairs(@Nullable Map<String, String> tags) {
        return TagsForm.text(tags);
    }

    /** Formats a rounded number with thousands separators; a number below 10 keeps one decimal. */
    public String rounded(double number) {
        return number < 10 ? plain(Math.round(number * 10) / 10.0) : number(Math.round(number));
    }

    /** Returns 02:00 tomorrow in UTC, as an example for the field of the first start: {@code 2026-11-26 02:00}. */
    public String tomorrow() {
        Instant twoOClockTomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(24 + 2));
        return firstScanAt(twoOClockTomorrow).substring(0, "yyyy-MM-dd HH:mm".length());
    }

    /** Returns a text of the catalogue in the language of the page. */
    private String word(String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    /** Converts the id of an instance from text to the UUID that is the key in maps of instances. */
    public UUID id(String id) {
        return UUID.fromString(id);
    }
}
