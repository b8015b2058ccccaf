package io.keysweep.server.trend;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Merges trend points that are in the same period of time, such as an hour.
 *
 * <p>The retention merges to store fewer old points, and charts to draw no more points than they have pixels.
 */
final class TrendPeriods {

    private TrendPeriods() {}

    /**
     * Merges points into one point for each period, the earliest first.
     *
     * @param points points in the order of their time
     * @param minutes length of a period; periods begin at whole multiples of it since 1970-01-01 in UTC
     */
    static List<TrendPoint> merge(Collection<TrendPoint> points, int minutes) {
        TreeMap<Instant, TrendPoint> merged = new TreeMap<>();
        for (TrendPoint point : points) {
            Instant start = start(point.at(), minutes);
            merged.merge(start, point.within(start, minutes), TrendPoint::plus);
        }
        return List.copyOf(merged.values());
    }

    /** Returns when the period that contains a moment begins. */
    static Instant start(Instant moment, int minutes) {
        long seconds = minutes * 60L;
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
    }

    /**
     * Returns {@code points}, or if they are too many, points that are merged by periods of equal length.
     *
     * @param max about the maximum number of points; a period at each end of the time can make one more
     * @param days the time that the points cover
     */
    static List<TrendPoint> atMost(int max, List<TrendPoint> points, int days) {
        if (points.size() <= max) {
            return points;
        }
        int periodMinutes = Math.ceilDiv(days * TrendRetention.DAY_MINUTES, max);
        return merge(points, periodMinutes);
    }
}
