package io.keysweep.engine.plan;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks through one database segment by segment and tracks the covered part.
 *
 * <p>A segment is a slice of the database that SCAN passes through without leaving it, see {@link Segmentation}. The
 * sweep takes a segment and sends a step (a call that visits keys) for it. After the reply, it advances the
 * segment to the cursor that the step reached.
 *
 * <p>A segment is <i>open</i> from its first step until SCAN leaves it. Several segments may be open at a time, because
 * several steps may be in flight (sent, but not answered). Not thread-safe.
 */
public final class DatabaseWalk {

    /**
     * The upper limit of a fraction that is calculated from visited keys. Clients may add keys, and a step may visit
     * keys twice, so the walk may be incomplete after as many visits as there were keys.
     */
    private static final double MAX_FRACTION_BY_VISITED = 0.99;

    private final int db;
    private final Segmentation segmentation;
    private final long seed;

    /** The number of keys in the database, expired ones included, when the walk was created. */
    private final long keys;

    private final SegmentOrder order;
    private final List<OpenSegment> openSegments = new ArrayList<>();

    /** The number of segments that have been opened, including covered ones; they are the first ones in the order. */
    private int segmentsOpened;

    /** The number of keys visited by all steps, live and reclaimed. */
    private long visited;

    /** The number of keys reclaimed by all steps. */
    private long reclaimed;

    /** The sum of the COUNTs of all steps, which grows even if the steps visit no keys. */
    private long sumOfCounts;

    /** Whether the walk has ended early, since the database holds no key with a TTL. */
    private boolean isEndedWithoutTtl;

    /** Whether a cursor has appeared again within a segment, which means that the scan never ends. */
    private boolean cursorRepeated;

    /** The smallest number of keys that the database was seen to hold since the walk was created. */
    private long fewestKeys;

    /** The largest number of keys that the database was seen to hold since the walk was created. */
    private long mostKeys;

    /** The part of the segments, 0 to 1, that an earlier run had covered when the walk was created. */
    private final double coveredBefore;

    /** Whether an earlier run of the sweep had covered or opened a segment when the walk was created. */
    private final boolean isResumed;

    private DatabaseWalk(DatabasePosition position, long keys) {
        this.db = position.db();
        this.segmentation = position.segmentation();
        this.seed = position.seed();
        this.keys = keys;
        this.fewestKeys = keys;
        this.mostKeys = keys;
        this.order = new SegmentOrder(segmentation.bits(), seed);
        moveTo(position);
        coveredBefore = coveredSegments();
        isResumed = segmentsOpened > 0;
    }

    /**
     * Creates a walk that continues at a position, which may be the start of the database.
     *
     * @param keys the number of keys in the database now, expired ones included, for the progress
     */
    static DatabaseWalk from(DatabasePosition position, long keys) {
        return new DatabaseWalk(position, keys);
    }

    /** Returns the database number. */
    public int db() {
        return db;
    }

    /** Returns how many keys the database held when the walk was created. */
    public long keys() {
        return keys;
    }

    /** Records how many keys the database was seen to hold, expired ones included. */
    public void observeKeys(long keysSeen) {
        fewestKeys = Math.min(fewestKeys, keysSeen);
        mostKeys = Math.max(mostKeys, keysSeen);
    }

    /** Returns the largest number of keys that the database was seen to hold since the walk was created. */
    public long mostKeys() {
        return mostKeys;
    }

    /** Returns the keys visited by this walk, reclaimed ones included; keys of repeated steps are counted again. */
    public long visited() {
        return visited;
    }

    /** Returns the keys reclaimed by this walk. */
    public long reclaimed() {
        return reclaimed;
    }

    /** Returns the sum of the COUNTs of all steps of this walk. */
    public long sumOfCounts() {
        return sumOfCounts;
    }

    /** Returns whether a cursor has appeared again within a segment, which happens only if the scan never ends. */
    public boolean cursorRepeated() {
        return cursorRepeated;
    }

    /**
     * Returns the approximate number of keys that a complete walk must have visited; a walk with fewer visits has
     * skipped keys. It is the smallest number of keys that the database was seen to hold, minus the part that an
     * earlier run has covered. The result is 0, which every walk reaches, in two cases:
     *
     * <ul>
     * <li>The walk was resumed and its segments are not evenly filled, so it is unknown how many keys the earlier run
     * covered.
     * <li>The walk has ended early, see {@link #endWithoutTtl}.
     * </ul>
     */
    public double expectedVisits() {
        boolean isUnknown = isResumed && !segmentation.evenlyFilled();
        return isUnknown || isEndedWithoutTtl ? 0 : fewestKeys * (1 - coveredBefore);
    }

    /** Returns how the database is divided into segments. */
    public Segmentation segmentation() {
        return segmentation;
    }

    /** Returns whether the database is covered: every segment was visited, or no key with a TTL is left. */
    public boolean complete() {
        return isEndedWithoutTtl || (openSegments.isEmpty() && segmentsOpened == segments());
    }

    /**
     * Ends the walk early; called if the server reports that the database holds no key with a TTL, and so no expired
     * key. The position keeps the segments that were visited before the first open one. No step may be in flight. Does
     * nothing if every segment was visited.
     */
    public void endWithoutTtl() {
        if (!complete()) {
            segmentsOpened = position().segmentsDone();
            openSegments.clear();
            isEndedWithoutTtl = true;
        }
    }

    /**
     * Takes an open segment without a step in flight, or else the next segment of the random order, for one step. The
     * segment is taken until {@link OpenSegment#advance} or {@link OpenSegment#release}.
     *
     * @param maxOpen how many segments may be open at a time
     * @return the segment; null if the database is covered, or if all open segments are taken and no further one may be
     *     opened
     */
    public @Nullable OpenSegment takeSegment(int maxOpen) {
        if (isEndedWithoutTtl) {
            return null;
        }
        for (OpenSegment openSegment : openSegments) {
            if (openSegment.takeIfFree()) {
                return openSegment;
            }
        }
        if (openSegments.size() >= maxOpen || segmentsOpened == segments()) {
            return null;
        }
        OpenSegment nextSegment = openNextSegment();
        nextSegment.takeIfFree();
        return nextSegment;
    }

    /** Returns how much of the database is covered, 0 to 1; 1 only if the walk is complete. */
    public double fraction() {
        if (complete()) {
            return 1;
        }
        if (segmentation.evenlyFilled()) {
            return coveredSegments();
        }
        // Segments may hold very different numbers of keys, so visited keys measure progress better than segments do.
        double keysToVisit = Math.max(1, keys * (1 - coveredBefore));
        return coveredBefore + (1 - coveredBefore) * Math.min(MAX_FRACTION_BY_VISITED, visited / keysToVisit);
    }

    /** Returns the part of the segments that is covered, 0 to 1. An open segment counts with its covered part. */
    private double coveredSegments() {
        double partOfOpenSegments =
                openSegments.stream().mapToDouble(OpenSegment::coveredPart).sum();
        return (segmentsOpened - openSegments.size() + partOfOpenSegments) / segments();
    }

    /**
     * Returns the position from which a later run continues, which is in the first open segment. A position has only
     * one cursor, so the later run visits all later segments again, even the covered ones.
     */
    public DatabasePosition position() {
        if (openSegments.isEmpty()) {
            Long cursor = isEndedWithoutTtl ? DatabasePosition.NO_TTL_LEFT : null;
            return new DatabasePosition(db, segmentation, seed, segmentsOpened, cursor);
        }
        OpenSegment firstOpenSegment = openSegments.getFirst();
        return new DatabasePosition(
                db, segmentation, seed, firstOpenSegment.orderIndex(), firstOpenSegment.cursorIfBegun());
    }

    /**
     * Moves to a position of the same plan, forward or back. No step may be in flight. The numbers of visited and
     * reclaimed keys are not changed.
     */
    void moveTo(DatabasePosition position) {
        openSegments.clear();
        segmentsOpened = position.segmentsDone();
        isEndedWithoutTtl = position.coverage() == DatabaseCoverage.NO_TTL;
        Long cursor = position.cursor();
        if (cursor != null && !isEndedWithoutTtl) {
            openNextSegment().continueAt(cursor);
        }
    }

    /** Opens the next segment in the random order of this walk. */
    private OpenSegment openNextSegment() {
        OpenSegment openSegment = new OpenSegment(this, segmentsOpened, order.at(segmentsOpened));
        segmentsOpened++;
        openSegments.add(openSegment);
        return openSegment;
    }

    /** Adds the counts of a step in an open segment. */
    void addStep(int count, long stepVisited, long stepReclaimed) {
        visited += stepVisited;
        reclaimed += stepReclaimed;
        sumOfCounts += count;
    }

    /** Removes a segment from the open ones, since all its keys have been visited. */
    void close(OpenSegment coveredSegment) {
        openSegments.remove(coveredSegment);
    }

    /** Records that a cursor has appeared again within a segment. */
    void recordRepeatedCursor() {
        cursorRepeated = true;
    }

    /** Returns how many keys a segment held on average when the walk was created. */
    double averageKeysPerSegment() {
        return (double) keys / segments();
    }

    private int segments() {
        return segmentation.segments();
    }
}
