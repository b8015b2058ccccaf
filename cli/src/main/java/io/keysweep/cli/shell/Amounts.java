package io.keysweep.cli.shell;

import java.time.Duration;
import java.util.Locale;

/** Amounts as people read them; the same on every system, whatever its language. */
public final class Amounts {

    private static final double NANOS_PER_SECOND = 1e9;

    private Amounts() {}

    /** {@code 1,234,567}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 41.2 MiB}. */
    public static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** {@code 41.2 MiB -> 27.9 MiB (13.3 MiB less)}. */
    public static String change(long before, long after) {
        long less = before - after;
        return bytes(before) + " -> " + bytes(after) + " (" + bytes(Math.abs(less)) + (less >= 0 ? " less)" : " more)");
    }

    /** {@code 0.42 s}, {@code 63.0 s}, {@code 2 h 03 min}. */
    public static String time(Duration duration) {
        double seconds = seconds(duration);
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 600) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return duration.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d min", duration.toHours(), duration.toMinutesPart())
                : String.format(Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
    }

    /** What nobody knows to the second: {@code 8 s}, {@code 3 min}, {@code 2 h 05 min}. */
    public static String roughly(Duration duration) {
        if (duration.toSeconds() < 60) {
            // Never 0 as long as there is some left.
            return duration.plusMillis(999).toSeconds() + " s";
        }
        long minutes = duration.plusSeconds(30).toMinutes();
        return minutes < 60
                ? minutes + " min"
                : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }

    /** {@code 1.4 ms}. */
    public static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    /** {@code 42 %}. */
    public static String percent(double fraction) {
        // Rounded down: 100 % is only said when it is done.
        return (int) Math.floor(Math.clamp(fraction, 0.0, 1.0) * 100) + " %";
    }

    /** The duration in seconds, with decimals. */
    public static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }

    /** The duration in milliseconds, with decimals. */
    public static double inMillis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Keys a second; 0 where no time has passed. */
    public static long rate(long keys, Duration duration) {
        double seconds = seconds(duration);
        return seconds > 0 ? Math.round(keys / seconds) : 0;
    }

    /** For JSON: three decimals tell all there is to tell. */
    public static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
