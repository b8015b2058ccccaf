package io.keysweep.server.trend;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Merges trend points that are in the same period of time, such as an hour.
 *
 * <p>A trend point contains the measurements of an instance at one moment. {@link TrendRetention} merges old points to
 * store fewer of them. {@link Trends} merges the points of a long history, because a chart cannot show more points than
 * pixels.
 */
final class TrendPeriods {

    private TrendPeriods() {}

    /**
     * Merges points into one point for each period, the earliest first. A point that already covers a longer period,
     * for example a day, is not changed.
     *
     * @param points points in the order of their time
     * @param minutes length of a period in minutes; periods begin at whole multiples of this length since 1970-01-01 in
     *     UTC
     */
    static List<TrendPoint> merge(Collection<TrendPoint> points, int minutes) {
        TreeMap<Instant, TrendPoint> pointsByPeriod = new TreeMap<>();
        for (TrendPoint point : points) {
            // A point of a longer period cannot be divided into shorter ones, so such a point is not changed.
            TrendPoint pointOfPeriod =
                    point.minutes() >= minutes ? point : point.asSummary(start(point.at(), minutes), minutes);
            pointsByPeriod.merge(pointOfPeriod.at(), pointOfPeriod, TrendPoint::plus);
        }
        return List.copyOf(pointsByPeriod.values());
    }

    /** Returns when the period that contains a moment begins. */
    static Instant start(Instant moment, int minutes) {
        long seconds = minutes * 60L;
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
    }

    /**
     * Limits the number of points: returns {@code points} if there are at most {@code max}, otherwise one merged point
     * for each of about {@code max} equal periods.
     *
     * @param max maximum number of points, which the result can exceed by 1, because the time can begin and end inside
     *     a period
     * @param days number of days that the points cover
     */
    static List<TrendPoint> atMost(int max, List<TrendPoint> points, int days) {
        if (points.size() <= max) {
            return points;
        }
        int periodMinutes = Math.ceilDiv(days * TrendRetention.DAY_MINUTES, max);
        return merge(points, periodMinutes);
    }
}
