package io.keysweep.engine.estimate;

import io.keysweep.engine.plan.ScanCursor;
import io.keysweep.engine.plan.SegmentOrder;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A sample of one database that has one table: one call at the start of each of some random segments. Positions follow the hashes of the
 * names, so neighbours in the table have nothing else in common.
 *
 * <p>On a replica a call shows the live keys of the positions that it covers, and its cursor tells their share of the
 * table: live keys a share of the table, less than DBSIZE, leaves the dead ones. On a primary a call shows how many of
 * its keys were dead.
 */
final class TableSample {

    /** A database of fewer keys is passed as a whole. */
    static final int WHOLE_BELOW = 20_000;

    private static final int SEGMENT_KEYS = 1_024;
    /**
     * The same on a replica, where a pass takes nothing away: with fewer segments than these all would be in the sample,
     * and still only a part of the keys, which misses hundreds of dead ones or sees none.
     */
    static final int WHOLE_ON_REPLICA_BELOW = 64 * SEGMENT_KEYS;
    /** Well below a segment, so that two of the calls hardly ever meet the same keys. */
    private static final int COUNT = 500;

    private static final int CAREFUL_COUNT = 100;
    private static final int MIN_CLUSTERS = 16;
    private static final int MIN_KEYS = 8_000;
    private static final double LARGEST_SHARE = 0.1;
    /** Good enough: so large a part of the dead keys … */
    private static final double RELATIVE = 0.03;
    /** … or so large a part of all keys, where few are dead. */
    private static final double ABSOLUTE = 0.004;

    private final SampledDatabase source;
    private final long keys;
    private final SegmentOrder order;
    private final int segments;
    private final int count;
    private final long budget;
    private final List<SampleCluster> clusters = new ArrayList<>();
    private double covered;
    private long visited;
    private long reclaimed;

    private TableSample(SampledDatabase source, long keys, long seed, long budget) {
        this.source = source;
        this.keys = keys;
        this.budget = budget;
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.min(1 << 18, keys / SEGMENT_KEYS));
        this.order = new SegmentOrder(bits, seed);
        this.segments = 1 << bits;
        this.count = source.freesOnMainThread() ? CAREFUL_COUNT : COUNT;
    }

    /**
     * Samples a database.
     *
     * @param keys keys that it holds, {@value #WHOLE_BELOW} at least
     * @param seed which segments
     * @param budget most calls
     */
    static Backlog of(SampledDatabase source, long keys, long seed, long budget) throws InterruptedException {
        return new TableSample(source, keys, seed, budget).sample();
    }

    /** Whether an estimate need not be any better. */
    static boolean goodEnough(Backlog backlog, long keys) {
        return backlog.halfWidth() <= Math.max(RELATIVE * backlog.dead(), ABSOLUTE * keys);
    }

    private Backlog sample() throws InterruptedException {
        while (clusters.size() < segments && (clusters.size() < MIN_CLUSTERS || !enough())) {
            add(order.at(clusters.size()));
        }
        return backlog();
    }

    private void add(long start) throws InterruptedException {
        StepOutcome outcome = source.pass(start, count);
        double end = outcome.cursor() == 0 ? 1 : ScanCursor.position(outcome.cursor());
        double size = Math.max(0, end - ScanCursor.position(start));
        covered += size;
        visited += outcome.visited();
        reclaimed += outcome.reclaimed();
        clusters.add(
                source.replica()
                        ? new SampleCluster(size, outcome.visited())
                        : new SampleCluster(outcome.visited(), outcome.reclaimed()));
    }

    private boolean enough() {
        double passed = covered * keys;
        if (clusters.size() >= budget || passed >= Math.max(LARGEST_SHARE * keys, WHOLE_BELOW)) {
            return true;
        }
        return passed >= MIN_KEYS && goodEnough(backlog(), keys);
    }

    private Backlog backlog() {
        RatioEstimate estimate = RatioEstimate.of(clusters, covered);
        double dead = source.replica() ? keys - estimate.ratio() : estimate.ratio() * keys;
        double halfWidth = estimate.halfWidth() * (source.replica() ? 1 : keys);
        long passed = source.replica() ? Math.round(covered * keys) : visited;
        return new Backlog(dead, halfWidth, passed, clusters.size(), reclaimed);
    }
}
