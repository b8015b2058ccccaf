package io.keysweep.server.trend;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** Merges trend points of equal periods, for the retention and for charts that need no more points than pixels. */
final class TrendPeriods {

    private TrendPeriods() {}

    /**
     * Merges points into one point for each period, the earliest first.
     *
     * @param points points in the order of their time
     * @param minutes length of the periods, which begin at whole multiples since 1970 in UTC
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
     * Returns points like {@code points}, but at most about {@code max}: if there are more, it merges them by periods
     * that divide the given time evenly.
     *
     * @param days the time that the points cover
     */
    static List<TrendPoint> atMost(int max, List<TrendPoint> points, int days) {
        if (points.size() <= max) {
            return points;
        }
        int minutes = Math.ceilDiv(days * 24 * 60, max);
        return merge(points, minutes);
    }
}
