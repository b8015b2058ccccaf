package io.keysweep.api.text;

import java.time.Duration;
import java.util.Locale;

/**
 * Formats counts, sizes, durations and percentages for users.
 *
 * <p>The command line and the web console share these formats. They do not depend on the language of the system.
 * Methods that return text are for what users read; methods that return a number are for JSON results.
 */
public final class Amounts {

    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLISECOND = 1e6;

    /** The smallest value that would be shown as 1024.0 with one decimal; it is shown in the next unit instead. */
    private static final double NEXT_UNIT = 1023.95;

    private static final int SECONDS_PER_MINUTE = 60;

    /**
     * A small number that is added before rounding down, because 0.29 × 100 is 28.999999999999996 as a double and must
     * become 29.
     */
    private static final double ROUNDING_ERROR = 1e-9;

    private Amounts() {}

    /** Formats a count with thousands separators: {@code 1,234,567}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /**
     * Formats a count with what is counted: {@code 1 key}, {@code 2,000 keys}, {@code 3 primaries}.
     *
     * @param noun singular of a noun with a regular plural, such as {@code key}
     */
    public static String count(long count, String noun) {
        return count(count) + " " + (count == 1 ? noun : plural(noun));
    }

    private static String plural(String noun) {
        if (noun.endsWith("y") && !noun.endsWith("ey")) {
            return noun.substring(0, noun.length() - 1) + "ies";
        }
        return noun + (noun.endsWith("sh") ? "es" : "s");
    }

    /**
     * Formats a size in the largest binary unit that it fills, with one decimal: {@code 41.2 MiB}. Sizes below 1 KiB
     * have no decimal: {@code 512 B}. The size may be negative.
     */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= (unit == 0 ? 1024 : NEXT_UNIT) && unit < BYTE_UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, BYTE_UNITS[unit]);
    }

    /** Formats two sizes and their difference: {@code 41.2 MiB -> 27.9 MiB (13.3 MiB less)}. */
    public static String change(long bytesBefore, long bytesAfter) {
        long difference = bytesBefore - bytesAfter;
        return bytes(bytesBefore) + " -> " + bytes(bytesAfter) + " (" + bytes(Math.abs(difference))
                + (difference >= 0 ? " less)" : " more)");
    }

    /**
     * Formats a measured or configured duration in its two largest units, such as {@code 2 h 3 min}.
     *
     * <p>A second unit that is 0 is left out: {@code 2 h}. A duration below one minute is in seconds, with two decimals
     * below 10 s, else with one. A whole number of seconds has no decimals. Examples: {@code 0.42 s}, {@code 36.5 s},
     * {@code 30 s}, {@code 12 min 5 s}, {@code 3 d 1 h}.
     */
    public static String duration(Duration duration) {
        if (duration.toMinutes() == 0) {
            if (duration.toNanosPart() == 0) {
                return duration.toSeconds() + " s";
            }
            return belowOneMinute(seconds(duration));
        }
        if (duration.toHours() == 0) {
            return twoUnits(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        }
        return duration.toDays() == 0
                ? twoUnits(duration.toHours(), "h", duration.toMinutesPart(), "min")
                : twoUnits(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    /** Formats seconds below one minute, rounded to what is shown: 59.96 s are {@code 1 min}, and not 60.0 s. */
    private static String belowOneMinute(double seconds) {
        double hundredths = Math.round(seconds * 100) / 100.0;
        if (hundredths < 10) {
            return String.format(Locale.ROOT, "%.2f s", hundredths);
        }
        double tenths = Math.round(seconds * 10) / 10.0;
        return tenths < SECONDS_PER_MINUTE ? String.format(Locale.ROOT, "%.1f s", tenths) : "1 min";
    }

    /**
     * Formats an estimated duration, such as the remaining time: {@code 3 min}. A duration below one minute is rounded
     * up to whole seconds, so that {@code 0 s} appears only at the end. A longer one is rounded to the nearest minute.
     */
    public static String roughly(Duration duration) {
        long roundedUp = duration.plusMillis(999).toSeconds();
        if (roundedUp < SECONDS_PER_MINUTE) {
            return roundedUp + " s";
        }
        return duration(Duration.ofMinutes(Math.max(1, duration.plusSeconds(30).toMinutes())));
    }

    /** Formats milliseconds with one decimal: {@code 1.4 ms}. */
    public static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    /**
     * Formats a fraction from 0 to 1 as whole percents: {@code 42 %}. It rounds down, so {@code 100 %} appears only
     * when everything is done.
     */
    public static String percent(double fraction) {
        return wholePercents(fraction) + " %";
    }

    /** Returns a fraction from 0 to 1 as whole percents, rounded down; 100 only if the fraction is 1. */
    public static int wholePercents(double fraction) {
        int percents = (int) Math.floor(Math.clamp(fraction, 0.0, 1.0) * 100 + ROUNDING_ERROR);
        return fraction < 1 ? Math.min(percents, 99) : percents;
    }

    /**
     * Formats a fraction from 0 to 1 as percents with decimals: {@code 4.3 %}. It rounds to the nearest, except that
     * {@code 100.0 %} appears only for the whole.
     */
    public static String percent(double fraction, int decimals) {
        double percents = Math.clamp(fraction, 0.0, 1.0) * 100;
        if (fraction < 1) {
            percents = Math.min(percents, 100 - Math.pow(10, -decimals));
        }
        return String.format(Locale.ROOT, "%." + decimals + "f %%", percents);
    }

    /** Converts a duration to seconds, with fractions. */
    public static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }

    /** Converts a duration to milliseconds, with fractions. */
    public static double milliseconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLISECOND;
    }

    /** Returns the number of keys per second, rounded to a whole number, or 0 if the duration is 0. */
    public static long keysPerSecond(long keys, Duration duration) {
        double seconds = seconds(duration);
        return seconds > 0 ? Math.round(keys / seconds) : 0;
    }

    /** Rounds a number to three decimals, as JSON results have them. */
    public static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Formats an amount of two units; the smaller unit is left out if its amount is 0. */
    private static String twoUnits(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
