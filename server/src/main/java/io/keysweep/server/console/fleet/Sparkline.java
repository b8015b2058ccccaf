package io.keysweep.server.console.fleet;

import io.keysweep.server.trend.TrendPoint;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Draws the last days of an instance as two shapes of an SVG of {@value #WIDTH} by {@value #HEIGHT} pixels.
 *
 * <p>A bar shows the keys reclaimed on each day, and a line shows the estimated backlog (the number of dead keys). Bars
 * and line have different scales.
 *
 * @param bars SVG path of the bars; empty if nothing was reclaimed
 * @param line SVG points of the line; empty if fewer than two backlogs are known
 * @param reclaimed sum of the reclaimed keys
 * @param backlog highest backlog; null if none is known
 */
record Sparkline(
        String bars, String line, long reclaimed, @Nullable Long backlog) {

    static final int WIDTH = 120;
    static final int HEIGHT = 28;

    /** An empty drawing, for days without a measurement. */
    static final Sparkline EMPTY = new Sparkline("", "", /* reclaimed= */ 0, /* backlog= */ null);

    /**
     * Creates the shapes.
     *
     * @param byDay one point for each day on which something was measured, the earliest first
     * @param now current time, whose day is at the right end
     * @param days number of days from the left end to the right
     */
    static Sparkline of(List<TrendPoint> byDay, Instant now, int days) {
        Instant today = now.truncatedTo(ChronoUnit.DAYS);
        double dayWidth = (double) WIDTH / days;

        long mostReclaimed =
                byDay.stream().mapToLong(TrendPoint::reclaimed).max().orElse(0);
        String bars = byDay.stream()
                .filter(point -> point.reclaimed() > 0)
                .map(point ->
                        bar(left(point, today, days, dayWidth), dayWidth, height(point.reclaimed(), mostReclaimed)))
                .collect(Collectors.joining());

        List<TrendPoint> pointsWithBacklog =
                byDay.stream().filter(point -> point.deadKeys() != null).toList();
        long largestBacklog =
                pointsWithBacklog.stream().mapToLong(Sparkline::deadKeys).max().orElse(0);
        String line = pointsWithBacklog.size() < 2
                ? ""
                : pointsWithBacklog.stream()
                        .map(point -> number(left(point, today, days, dayWidth) + dayWidth / 2) + ","
                                + number(HEIGHT - height(deadKeys(point), largestBacklog)))
                        .collect(Collectors.joining(" "));

        return new Sparkline(
                bars,
                line,
                byDay.stream().mapToLong(TrendPoint::reclaimed).sum(),
                pointsWithBacklog.isEmpty() ? null : (Long) largestBacklog);
    }

    private static long deadKeys(TrendPoint point) {
        Long dead = point.deadKeys();
        return dead == null ? 0 : dead;
    }

    private static double left(TrendPoint point, Instant today, int days, double dayWidth) {
        long daysAgo =
                Duration.between(point.at().truncatedTo(ChronoUnit.DAYS), today).toDays();
        return Math.max(0, days - 1 - daysAgo) * dayWidth;
    }

    /** Returns the height of a value; a value above 0 is never too low to be seen. */
    private static double height(long value, long most) {
        return most == 0 ? 1 : Math.max(1.5, (HEIGHT - 3.0) * value / most);
    }

    /** Returns a line up the middle of the bar; the style sheet makes it 3 pixels wide, a pixel less than a day. */
    private static String bar(double left, double dayWidth, double height) {
        return "M" + number(left + (dayWidth - 1) / 2) + " " + HEIGHT + "v-" + number(height);
    }

    /** Formats a number with one decimal, or none if it is 0, because a page with many charts must stay small. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** Returns whether there is nothing to draw. */
    public boolean isEmpty() {
        return bars.isEmpty() && line.isEmpty();
    }
}
