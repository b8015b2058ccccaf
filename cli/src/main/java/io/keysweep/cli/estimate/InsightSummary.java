package io.keysweep.cli.estimate;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryRate;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.PrefixCount;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Formats the insight of an estimate as text: TTLs, sizes and types of the keys, and a forecast of when they expire.
 *
 * <p>The forecast divides the coming time into equal periods, its steps. A key dies when its TTL has passed;
 * a dead key still holds memory.
 */
final class InsightSummary {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter TIME_WITH_SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /**
     * The maximum number of cliffs that are shown. A cliff is a step of the forecast in which far more keys die than in
     * the steps around it.
     */
    private static final int MAX_CLIFFS = 5;

    private InsightSummary() {}

    /** Returns the lines of an insight; none if it was not requested. */
    static List<String> lines(@Nullable Insight insight) {
        List<String> lines = new ArrayList<>();
        if (insight == null) {
            return lines;
        }
        if (insight.missing() != null) {
            lines.add("  picture    none. " + insight.missing());
        }
        KeyPicture picture = insight.picture();
        if (picture != null) {
            addPicture(picture, lines);
        }
        ExpiryForecast forecast = insight.forecast();
        if (forecast != null && !forecast.steps().isEmpty()) {
            addForecast(forecast, lines);
        }

        List<PrefixCount> prefixes = insight.prefixes();
        if (prefixes != null) {
            addPrefixes(prefixes, insight.deadMissing(), lines);
        }
        return lines;
    }

    /** Adds the numbers of keys by remaining time, size and type. */
    private static void addPicture(KeyPicture picture, List<String> lines) {
        lines.add("  picture    from the TTLs of " + Amounts.count(picture.readKeys(), "living key")
                + (picture.measuredKeys() > 0
                        ? ", and the sizes of " + Amounts.count(picture.measuredKeys()) + " of them"
                        : ""));
        picture.ttl()
                .forEach(bin -> lines.add(String.format(
                        Locale.ROOT, "    %-10s %s", bin.remaining().label(), count(bin.count()))));

        if (!picture.sizes().isEmpty()) {
            lines.add("  sizes      "
                    + picture.sizes().stream()
                            .filter(bin -> bin.count().keys() > 0)
                            .map(bin -> (bin.below() == null ? "larger" : "< " + Amounts.bytes(bin.below())) + ": "
                                    + Amounts.count(bin.count().keys()))
                            .collect(Collectors.joining("; ")));
        }
        if (picture.meanBytes() != null) {
            lines.add("  mean size  " + Amounts.bytes(picture.meanBytes())
                    + (picture.meanVolatileBytes() == null
                            ? ""
                            : "; " + Amounts.bytes(picture.meanVolatileBytes()) + " with a TTL"));
        }

        if (!picture.types().isEmpty()) {
            lines.add("  types      "
                    + picture.types().stream()
                            .map(bin -> bin.type() + ": "
                                    + Amounts.count(bin.count().keys()))
                            .collect(Collectors.joining("; ")));
        }
        picture.notes().forEach(note -> lines.add("  note       " + note));
    }

    /** Adds how many keys die and when, the largest cliffs, the highest backlog, and when a sweep should start. */
    private static void addForecast(ExpiryForecast forecast, List<String> lines) {
        List<ExpiryForecast.Step> steps = forecast.steps();
        ExpiryForecast.Step lastStep = steps.getLast();
        ExpiryForecast.Step peak = steps.stream()
                .max(Comparator.comparingLong(ExpiryForecast.Step::backlog))
                .orElse(lastStep);
        Duration length =
                Duration.between(steps.getFirst().from(), steps.getFirst().to());
        lines.add("  forecast   " + count(forecast.dying()) + " of the present keys die until " + time(lastStep.to())
                + " UTC, in steps of " + Amounts.duration(length));

        List<ExpiryForecast.Step> cliffs = forecast.cliffs().stream()
                .sorted(Comparator.comparingLong(
                                (ExpiryForecast.Step step) -> step.dying().keys())
                        .reversed())
                .limit(MAX_CLIFFS)
                .sorted(Comparator.comparing(ExpiryForecast.Step::from))
                .toList();
        cliffs.forEach(cliff -> lines.add("  cliff      " + count(cliff.dying()) + " keys die between "
                + time(cliff.from()) + " and " + time(cliff.to()) + " UTC"));
        int moreCliffs = forecast.cliffs().size() - cliffs.size();
        if (moreCliffs > 0) {
            lines.add("  cliff      further cliffs: " + Amounts.count(moreCliffs));
        }

        ExpiryRate measuredRate = forecast.measured();
        lines.add("  server     "
                + (measuredRate == null
                        ? "expires by itself "
                        : "expired " + rate(measuredRate.perSecond()) + " keys a second in the last "
                                + Amounts.duration(Duration.ofSeconds(Math.round(measuredRate.seconds())))
                                + "; its own cycle removes ")
                + "about " + rate(forecast.modelPerSecond()) + " a second at the present backlog"
                + (forecast.settingsKnown() ? "" : " (with the default settings, as its own are not known)"));

        lines.add("  backlog    at most " + Amounts.count(peak.backlog(), "dead key")
                + (peak.backlogBytes() == null ? "" : ", " + Amounts.bytes(peak.backlogBytes())) + ", at "
                + time(peak.to()) + " UTC; " + Amounts.count(lastStep.backlog()) + " at the end");
        Instant start = forecast.proposedStart();
        lines.add("  start      " + (start == null ? "none needed in this time" : time(start) + " UTC"));
    }

    /** Adds a table with a line for each prefix, and if the dead keys have no names, the reason. */
    private static void addPrefixes(List<PrefixCount> prefixes, @Nullable String deadMissing, List<String> lines) {
        lines.add("  prefixes   "
                + (deadMissing == null ? "dead keys with their 95 % interval, and living keys" : deadMissing));
        PrefixTable.lines(prefixes, deadMissing == null).forEach(line -> lines.add("    " + line));
    }

    private static String count(KeyCount count) {
        return Amounts.count(count.keys())
                + (count.lowest() == count.highest()
                        ? ""
                        : " (" + Amounts.count(count.lowest()) + " to " + Amounts.count(count.highest()) + ")");
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%,.1f" : "%,.0f", perSecond);
    }

    private static String time(Instant at) {
        return (at.truncatedTo(ChronoUnit.MINUTES).equals(at) ? TIME : TIME_WITH_SECONDS)
                .format(at.atOffset(ZoneOffset.UTC));
    }
}
