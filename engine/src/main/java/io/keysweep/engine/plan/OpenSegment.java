package io.keysweep.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * An open segment is a slice of a database whose scan has begun and is not finished.
 *
 * <p>{@link DatabaseWalk#takeSegment} lends the segment to one step (a call that visits keys) at a time. The
 * caller returns the segment with {@link #advance} or {@link #release} once the step has ended. Not thread-safe.
 */
public final class OpenSegment {

    /**
     * The largest COUNT of the first step in a segment that may be empty. A larger one would visit keys of other
     * segments.
     */
    private static final int FIRST_STEP_COUNT = 100;

    private final DatabaseWalk walk;
    private final Segmentation segmentation;

    /** The position of the segment in the random order of segments, from 0. */
    private final int orderIndex;

    /** The number of the segment in the segmentation, from 0. */
    private final int segment;

    private final CursorTrail trail = new CursorTrail();

    /** The cursor of the next step, unsigned. */
    private long cursor;

    /** Whether a step has advanced the cursor, or the walk was resumed within this segment. */
    private boolean hasBegun;

    /** Whether a step is in flight in this segment. */
    private boolean hasStepInFlight;

    /** The part of the segment, 0 to below 1, that was covered before the first step of this run. */
    private double coveredBefore;

    /** The number of keys that the steps of this run have visited in the segment. */
    private long visited;

    OpenSegment(DatabaseWalk walk, int orderIndex, int segment) {
        this.walk = walk;
        this.segmentation = walk.segmentation();
        this.orderIndex = orderIndex;
        this.segment = segment;
        this.cursor = segmentation.start(segment);
    }

    /** Returns the position of the segment in the random order of segments, from 0. */
    int orderIndex() {
        return orderIndex;
    }

    /** Returns the cursor from which a later run continues; null if the segment must be scanned from its start. */
    @Nullable Long cursorIfBegun() {
        return hasBegun ? cursor : null;
    }

    /** Reserves the segment for a step. Returns false if a step is in flight in it. */
    boolean takeIfFree() {
        if (hasStepInFlight) {
            return false;
        }
        hasStepInFlight = true;
        return true;
    }

    /** Continues at a cursor of a checkpoint, instead of the start of the segment. */
    void continueAt(long storedCursor) {
        cursor = storedCursor;
        hasBegun = true;
        coveredBefore = coveredPart();
    }

    /** Returns the cursor of the next step, unsigned. */
    public long cursor() {
        return cursor;
    }

    /**
     * Records the result of a step that began at {@link #cursor()}, and makes the segment free for the next step. If
     * the step has left the segment, the segment is covered and no longer open.
     *
     * @param next the cursor in the step's reply, unsigned; 0 at the end of the scan
     * @param count the COUNT of the step
     * @param stepVisited the number of keys that the step visited
     * @param stepReclaimed the number of expired keys that the step reclaimed
     */
    public void advance(long next, int count, long stepVisited, long stepReclaimed) {
        walk.addStep(count, stepVisited, stepReclaimed);
        visited += stepVisited;
        hasStepInFlight = false;
        hasBegun = true;
        cursor = next;
        if (segmentation.leaves(segment, next)) {
            walk.close(this);
        } else {
            trail.add(next);
            if (trail.repeated()) {
                walk.recordRepeatedCursor();
            }
        }
    }

    /** Makes the segment free after a step that the server did not do. The next step starts at the same cursor. */
    public void release() {
        hasStepInFlight = false;
    }

    /**
     * Returns the COUNT of the next step: the requested COUNT, or less in three cases.
     *
     * <ul>
     * <li>Near the end of the segment, a larger COUNT would only visit keys of another segment. The limit is somewhat
     * above the estimated number of keys to visit, since a second call costs more than visiting a few keys twice.
     * <li>If two steps can visit the remaining keys, each visits half of them. The last step would otherwise be short,
     * and a short step costs more for each key.
     * <li>A segment that may be empty begins with a short step.
     * </ul>
     *
     * @param requestedCount the COUNT that the pace allows
     */
    public int limitCount(int requestedCount) {
        if (segmentation.segments() == 1) {
            return requestedCount;
        }
        if (!hasBegun && !segmentation.evenlyFilled()) {
            return Math.min(requestedCount, FIRST_STEP_COUNT);
        }
        double keysToVisit = estimateKeysToVisit();
        // The slack is about two standard deviations of a random distribution of keys, plus 10 for small numbers.
        double slack = 2 * Math.sqrt(keysToVisit) + 10;
        double usefulCount = Math.ceil(keysToVisit + slack);
        if (usefulCount > requestedCount && usefulCount < 2.0 * requestedCount) {
            return (int) Math.ceil(usefulCount / 2);
        }
        return (int) Math.min(requestedCount, usefulCount);
    }

    /**
     * Estimates how many keys of the segment are not visited yet, from the average segment and from this segment so
     * far.
     */
    private double estimateKeysToVisit() {
        double coveredPart = coveredPart();
        double expectedKeys = (1 - coveredPart) * walk.averageKeysPerSegment();
        // Segments that are not evenly filled may hold far more keys than the average, as the visits so far show.
        double coveredByThisRun = coveredPart - coveredBefore;
        if (segmentation.evenlyFilled() || coveredByThisRun <= 0) {
            return expectedKeys;
        }
        return Math.max(expectedKeys, visited * (1 - coveredPart) / coveredByThisRun);
    }

    /** Returns which part of the segment lies before the cursor, 0 to below 1. */
    double coveredPart() {
        return hasBegun ? segmentation.partBefore(cursor) : 0;
    }
}
