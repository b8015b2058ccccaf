package io.keysweep.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * An open segment is a slice of a database whose scan has been begun and is not finished yet.
 *
 * <p>{@link DatabaseWalk#takeSegment} lends it for one step at a time. The step gives it back with {@link #advance} or
 * {@link #release}. Not thread-safe.
 */
public final class OpenSegment {

    /** COUNT of the first step in a segment that may be empty. */
    private static final int FIRST_STEP_COUNT = 100;

    private final DatabaseWalk walk;
    private final Segmentation segmentation;
    /** Position of the segment in the random order of segments, from 0. */
    private final int orderIndex;
    /** Number of the segment in the segmentation, from 0. */
    private final int segment;

    private final CursorTrail trail = new CursorTrail();
    /** The cursor of the next step, unsigned. */
    private long cursor;
    /** Whether a step has advanced the cursor, or the walk was resumed within this segment. */
    private boolean begun;
    /** Whether a step is in flight in this segment. */
    private boolean taken;
    /** The part of the segment, 0 to below 1, that an earlier run had covered. */
    private double coveredBefore;
    /** Keys that the steps of this run have visited in the segment. */
    private long visited;

    OpenSegment(DatabaseWalk walk, int orderIndex, int segment) {
        this.walk = walk;
        this.segmentation = walk.segmentation();
        this.orderIndex = orderIndex;
        this.segment = segment;
        this.cursor = segmentation.start(segment);
    }

    int orderIndex() {
        return orderIndex;
    }

    /** Returns the cursor from which a later run continues; null if the segment must be scanned from its start. */
    @Nullable Long cursorIfBegun() {
        return begun ? cursor : null;
    }

    /** Takes the segment for a step, and returns true; returns false if a step is in flight in it. */
    boolean takeIfFree() {
        if (taken) {
            return false;
        }
        taken = true;
        return true;
    }

    /** Continues where an earlier run stopped. */
    void continueAt(long storedCursor) {
        cursor = storedCursor;
        begun = true;
        coveredBefore = coveredPart();
    }

    /** Returns the cursor of the next step, unsigned. */
    public long cursor() {
        return cursor;
    }

    /**
     * Records how far a step from {@link #cursor()} came, and gives the segment back.
     *
     * @param next the cursor in the step's reply
     * @param count the COUNT of the step
     * @param stepVisited keys that the step visited
     * @param stepReclaimed keys that the step reclaimed
     */
    public void advance(long next, int count, long stepVisited, long stepReclaimed) {
        walk.addStep(count, stepVisited, stepReclaimed);
        visited += stepVisited;
        taken = false;
        begun = true;
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

    /** Gives the segment back after a step that the server did not do. The next step starts at the same cursor. */
    public void release() {
        taken = false;
    }

    /**
     * Returns the COUNT of the next step: {@code wanted}, or less in two cases.
     *
     * <ul>
     *   <li>Near the end of the segment, a larger COUNT would only visit keys of another segment. The limit is somewhat
     *       above the estimated number of keys left, since a second call costs more than visiting a few keys twice.
     *   <li>A segment that may be empty begins with a short step.
     * </ul>
     */
    public int limitCount(int wanted) {
        if (segmentation.segments() == 1) {
            return wanted;
        }
        if (!begun && !segmentation.evenlyFilled()) {
            return Math.min(wanted, FIRST_STEP_COUNT);
        }
        double left = keysLeft();
        // About two standard deviations of a random spread of keys, and 10 for small numbers.
        double slack = 2 * Math.sqrt(left) + 10;
        return (int) Math.min(wanted, Math.ceil(left + slack));
    }

    /** Estimates the keys left in the segment: the average of all segments, or more if this segment has been fuller. */
    private double keysLeft() {
        double covered = coveredPart();
        double expected = (1 - covered) * walk.averageKeysPerSegment();
        double coveredByThisRun = covered - coveredBefore;
        if (segmentation.evenlyFilled() || coveredByThisRun <= 0) {
            return expected;
        }
        return Math.max(expected, visited * (1 - covered) / coveredByThisRun);
    }

    /** Returns which part of the segment lies before the cursor, 0 to below 1. */
    double coveredPart() {
        return begun ? segmentation.partBefore(cursor) : 0;
    }
}
