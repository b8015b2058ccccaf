package io.keysweep.server.trend;

import io.keysweep.api.ScanView;
import io.keysweep.server.scan.ScanEnded;
import io.keysweep.server.scan.ScanViews;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Records the measurements of scans and estimates as trend points, and returns the points as the history of an
 * instance.
 *
 * <p>This class measures nothing itself and connects to no server. Thread-safe.
 */
@Service
public class Trends {

    /** The longest history that a request can ask for; {@link TrendRetention} deletes older points. */
    public static final int MAX_DAYS = 731;

    /** Maximum number of points of a history, about as many as a chart has pixels. More points are merged. */
    private static final int MAX_POINTS = 1000;

    private final TrendStore store;
    private final ScanViews views;
    private final InstantSource clock;

    Trends(TrendStore store, ScanViews views, InstantSource clock) {
        this.store = store;
        this.views = views;
        this.clock = clock;
    }

    /**
     * Records the result of a scan, in the transaction that ends the scan. A scan that no worker has begun is not
     * recorded.
     *
     * <p>The method runs just before the commit, and not when the event is published. Between these two moments, the
     * last readings of a cluster (its keys and its memory at the end of the scan) are stored, and the point contains
     * them.
     */
    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    void onScanEnded(ScanEnded ended) {
        if (ended.scan().startedAt() == null) {
            return;
        }
        views.of(List.of(ended.scan())).forEach(view -> store.add(ended.scan().instanceId(), toPoint(view)));
    }

    /** Returns what a scan has measured, as a point of the history. */
    private TrendPoint toPoint(ScanView scan) {
        // Only the view of an active scan has no time of the end. Its type does not say that this scan has ended.
        Instant finishedAt = scan.finishedAt();
        return new TrendPoint(
                finishedAt == null ? clock.instant() : finishedAt,
                /* minutes= */ 0,
                /* scans= */ 1,
                scan.reclaimed(),
                scan.visited(),
                /* deadKeys= */ null,
                /* deadBytes= */ null,
                scan.usedMemoryBefore(),
                scan.usedMemoryAfter(),
                scan.memory().inflow());
    }

    /**
     * Records the estimated backlog of an instance. Does nothing if the instance was removed in the meantime.
     *
     * @param deadKeys estimated number of expired keys that still hold memory
     * @param deadBytes estimated memory of these keys in bytes; null if it is not known
     */
    public void recordBacklog(UUID instanceId, long deadKeys, @Nullable Long deadBytes) {
        store.add(instanceId, TrendPoint.ofBacklog(clock.instant(), deadKeys, deadBytes));
    }

    /**
     * Returns the history of an instance, the earliest point first. If there are more than about 1000 points, they are
     * merged.
     *
     * @param days length of the history in days until now, 1 to {@value #MAX_DAYS}
     */
    public List<TrendPoint> history(UUID instanceId, int days) {
        List<TrendPoint> points = store.since(List.of(instanceId), since(days)).getOrDefault(instanceId, List.of());
        return TrendPeriods.atMost(MAX_POINTS, points, days);
    }

    /**
     * Returns the histories of several instances with one point per day, by instance id, with one query. An instance
     * without points is not in the map.
     */
    public Map<UUID, List<TrendPoint>> historiesByDay(Collection<UUID> instanceIds, int days) {
        Map<UUID, List<TrendPoint>> histories = store.since(instanceIds, since(days));
        histories.replaceAll((id, points) -> TrendPeriods.merge(points, TrendRetention.DAY_MINUTES));
        return histories;
    }

    /**
     * Returns how many keys the scans of each instance of a project have reclaimed in the last days, by instance id,
     * with one query.
     */
    public Map<UUID, Long> reclaimedByInstance(String projectId, int days) {
        return store.reclaimedSince(projectId, since(days));
    }

    /**
     * Returns the latest point with an estimated backlog of each instance of a project, by instance id, with one query.
     * An estimate that is older than {@code days} is ignored.
     */
    public Map<UUID, TrendPoint> latestBacklogs(String projectId, int days) {
        return store.latestBacklogs(projectId, since(days));
    }

    private Instant since(int days) {
        return clock.instant().minus(Duration.ofDays(days));
    }
}
