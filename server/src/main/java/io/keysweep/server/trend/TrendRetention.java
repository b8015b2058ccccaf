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
 * Merges old trend points, and deletes those that are older than two years.
 *
 * <p>Single points are kept for 7 days, then one point an hour for 60 days, then one point a day. The limits of ended
 * scans do not apply, because the history is meant to outlive them.
 */
@Component
class TrendRetention implements RetentionRule {

    static final int HOUR = 60;
    static final int DAY = 24 * 60;

    private static final Duration SINGLE_POINTS = Duration.ofDays(7);
    private static final Duration HOURS = Duration.ofDays(60);

    /** Numbers that bound a transaction, and the memory that it takes. */
    private static final int INSTANCES_PER_QUERY = 100;

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
        int removed = merge(/* from= */ 0, HOUR, now.minus(SINGLE_POINTS));
        removed += merge(HOUR, DAY, now.minus(HOURS));
        Instant oldest = now.minus(Duration.ofDays(Trends.MAX_DAYS));
        return removed + BatchedDelete.run(size -> store.deleteBefore(oldest, size));
    }

    /**
     * Replaces the points of one length by the points of a longer one, for all periods that have ended before a moment.
     * Returns by how many the points have become fewer.
     */
    private int merge(int from, int to, Instant before) {
        Instant end = TrendPeriods.start(before, to);
        int removed = 0;
        List<UUID> instances;
        do {
            instances = store.instancesBefore(from, end, INSTANCES_PER_QUERY);
            for (UUID instanceId : instances) {
                removed += mergeOf(instanceId, from, to, end);
            }
        } while (instances.size() == INSTANCES_PER_QUERY);
        return removed;
    }

    private int mergeOf(UUID instanceId, int from, int to, Instant end) {
        int removed = 0;
        List<TrendStore.StoredPoint> found;
        do {
            found = store.before(instanceId, from, end, POINTS_PER_TRANSACTION);
            removed += replace(instanceId, found, to);
        } while (found.size() == POINTS_PER_TRANSACTION);
        return removed;
    }

    private int replace(UUID instanceId, List<TrendStore.StoredPoint> found, int minutes) {
        List<TrendPoint> merged = TrendPeriods.merge(
                found.stream().map(TrendStore.StoredPoint::point).toList(), minutes);
        transaction.executeWithoutResult(status -> {
            store.delete(found.stream().map(TrendStore.StoredPoint::id).toList());
            merged.forEach(point -> store.add(instanceId, point));
        });
        return found.size() - merged.size();
    }
}
