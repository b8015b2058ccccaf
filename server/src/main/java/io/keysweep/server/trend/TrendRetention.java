package io.keysweep.server.trend;

import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Merges old trend points, so that the history of an instance remains small, and deletes points that are older than two
 * years.
 *
 * <p>A trend point contains what a scan or an estimate has measured. Every point is kept until an age of 7 days. Older
 * points are merged to one point per hour until an age of 60 days, and then to one point per day. The retention
 * settings of ended scans do not apply, because the history must outlive the scans.
 */
@Component
class TrendRetention implements RetentionRule {

    /** The length of a point that was not merged: 0 minutes, because it is from one moment. */
    private static final int MOMENT_MINUTES = 0;

    static final int HOUR_MINUTES = 60;
    static final int DAY_MINUTES = 24 * 60;

    /** The age from which points are merged to one point per hour. */
    private static final Duration AGE_OF_HOURS = Duration.ofDays(7);

    /** The age from which the points of hours are merged to one point per day. */
    private static final Duration AGE_OF_DAYS = Duration.ofDays(60);

    private static final int INSTANCES_PER_QUERY = 100;

    /** Maximum number of points that one transaction merges, which limits its time and memory. */
    private static final int POINTS_PER_TRANSACTION = 1000;

    private final TrendStore store;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    TrendRetention(TrendStore store, TransactionTemplate transaction, InstantSource clock) {
        this.store = store;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "points of trends";
    }

    @Override
    public int purge(Instant before, int maxPerInstance) {
        Instant now = clock.instant();
        int removedPoints = merge(MOMENT_MINUTES, HOUR_MINUTES, now.minus(AGE_OF_HOURS));
        removedPoints += merge(HOUR_MINUTES, DAY_MINUTES, now.minus(AGE_OF_DAYS));
        Instant oldestKept = now.minus(Duration.ofDays(Trends.MAX_DAYS));
        return removedPoints + BatchedDelete.run(size -> store.deleteBefore(oldestKept, size));
    }

    /**
     * Merges the points of shorter periods into points of longer periods, for all longer periods that ended before a
     * moment. Returns the difference between the old and the new number of points.
     *
     * @param fromMinutes length of the periods of the current points
     * @param toMinutes length of the periods of the merged points
     */
    private int merge(int fromMinutes, int toMinutes, Instant before) {
        // A period that has not ended can get further points, so only complete periods are merged.
        Instant end = TrendPeriods.start(before, toMinutes);
        int removedPoints = 0;
        List<UUID> instances;
        do {
            instances = store.instancesBefore(fromMinutes, end, INSTANCES_PER_QUERY);
            for (UUID instanceId : instances) {
                removedPoints += mergeInstance(instanceId, fromMinutes, toMinutes, end);
            }
        } while (instances.size() == INSTANCES_PER_QUERY);
        return removedPoints;
    }

    /** Merges the points of one instance, in transactions of limited size. */
    private int mergeInstance(UUID instanceId, int fromMinutes, int toMinutes, Instant end) {
        int removedPoints = 0;
        List<TrendStore.StoredPoint> points;
        do {
            points = store.pointsBefore(instanceId, fromMinutes, end, POINTS_PER_TRANSACTION);
            removedPoints += replace(instanceId, points, toMinutes);
        } while (points.size() == POINTS_PER_TRANSACTION);
        return removedPoints;
    }

    /**
     * Replaces points by one point for each period that contains some of them. Returns the difference between the old
     * and the new number of points. A period can get two points, because {@link #POINTS_PER_TRANSACTION} can divide its
     * points between two transactions.
     */
    private int replace(UUID instanceId, List<TrendStore.StoredPoint> points, int minutes) {
        List<TrendPoint> mergedPoints = TrendPeriods.merge(
                points.stream().map(TrendStore.StoredPoint::point).toList(), minutes);
        transaction.executeWithoutResult(status -> {
            // The new points are added first, which locks the row of the instance, to which they refer. A removal of
            // the instance also locks its row before it deletes the old points, so the two cannot deadlock.
            mergedPoints.forEach(point -> store.add(instanceId, point));
            store.delete(points.stream().map(TrendStore.StoredPoint::id).toList());
        });
        return points.size() - mergedPoints.size();
    }
}
