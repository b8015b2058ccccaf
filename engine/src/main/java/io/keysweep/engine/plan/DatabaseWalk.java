package io.keysweep.engine.plan;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way through one database, segment by segment, with one or several segments open at a time. Not safe to share
 * between threads.
 */
public final class DatabaseWalk {

    /** Keys may be added or met twice, so having visited as many as there were is not yet the end. */
    private static final double MOST_BY_VISITED = 0.99;

    /** COUNT of the first step in a segment that may be empty. */
    private static final int FIRST_LOOK = 100;

    private final int db;
    private final Segmentation segmentation;
    private final long seed;
    private final long keys;
    private final SegmentOrder order;
    private final List<OpenSegment> openSegments = new ArrayList<>();
    private int opened;
    private long visited;
    /** How much was covered when this run began, as well as segments tell it. */
    private final double coveredBefore;

    private DatabaseWalk(DatabasePosition position, long keys) {
        this.db = position.db();
        this.segmentation = position.segmentation();
        this.seed = position.seed();
        this.keys = keys;
        this.order = new SegmentOrder(segmentation.bits(), seed);
        moveTo(position);
        coveredBefore = segmentsCovered();
    }

    /**
     * A walk from a position on.
     *
     * @param keys keys that the database holds, for the progress
     */
    static DatabaseWalk from(DatabasePosition position, long keys) {
        return new DatabaseWalk(position, keys);
    }

    /** Database number. */
    public int db() {
        return db;
    }

    /** Keys that the database held when it was planned. */
    public long keys() {
        return keys;
    }

    /** How the database is cut. */
    public Segmentation segmentation() {
        return segmentation;
    }

    /** Whether every segment is covered. */
    public boolean complete() {
        return openSegments.isEmpty() && opened == segments();
    }

    /**
     * A segment to do a step in, which stays taken until {@link OpenSegment#advance} or {@link OpenSegment#release}.
     *
     * @param maxOpen how many segments may be open at a time
     * @return null if every segment is covered or taken
     */
    public @Nullable OpenSegment takeSegment(int maxOpen) {
        for (OpenSegment openSegment : openSegments) {
            if (!openSegment.taken) {
                return openSegment.take();
            }
        }
        if (openSegments.size() >= maxOpen || opened == segments()) {
            return null;
        }
        return open().take();
    }

    /** How much of the database is covered, 0 to 1. */
    public double fraction() {
        if (complete()) {
            return 1;
        }
        if (segmentation.even()) {
            return segmentsCovered();
        }
        // Segments need not hold keys alike, so the keys visited tell more than the segments do.
        double left = Math.max(1, keys * (1 - coveredBefore));
        return coveredBefore + (1 - coveredBefore) * Math.min(MOST_BY_VISITED, visited / left);
    }

    private double segmentsCovered() {
        double within = openSegments.stream().mapToDouble(OpenSegment::position).sum();
        return (opened - openSegments.size() + within) / segments();
    }

    /** The position to go on from; what lies beyond the first open segment is not in it and will be done again. */
    public DatabasePosition position() {
        if (openSegments.isEmpty()) {
            return new DatabasePosition(db, segmentation, seed, opened, null);
        }
        OpenSegment first = openSegments.getFirst();
        return new DatabasePosition(db, segmentation, seed, first.index, first.begun ? first.cursor : null);
    }

    /** Goes to a position of the same plan. */
    void moveTo(DatabasePosition position) {
        openSegments.clear();
        opened = position.segmentsDone();
        Long cursor = position.cursor();
        if (cursor != null) {
            open().goTo(cursor);
        }
    }

    private OpenSegment open() {
        OpenSegment openSegment = new OpenSegment(opened++);
        openSegments.add(openSegment);
        return openSegment;
    }

    private int segments() {
        return segmentation.segments();
    }

    /** The way through one segment. */
    public final class OpenSegment {

        private final int index;
        private final int segment;
        private long cursor;
        private boolean begun;
        private boolean taken;
        private double begunAt;
        private long segmentVisited;

        private OpenSegment(int index) {
            this.index = index;
            this.segment = order.at(index);
            this.cursor = segmentation.start(segment);
        }

        private OpenSegment take() {
            taken = true;
            return this;
        }

        private void goTo(long position) {
            cursor = position;
            begun = true;
            begunAt = position();
        }

        /** Cursor of the next step, unsigned. */
        public long cursor() {
            return cursor;
        }

        /**
         * Records where a step from {@link #cursor()} has come to.
         *
         * @param next the cursor in its reply
         * @param stepVisited keys that it has visited
         */
        public void advance(long next, long stepVisited) {
            visited += stepVisited;
            segmentVisited += stepVisited;
            taken = false;
            begun = true;
            cursor = next;
            if (segmentation.leaves(segment, next)) {
                openSegments.remove(this);
            }
        }

        /** Gives the segment back, for a step that was not done. */
        public void release() {
            taken = false;
        }

        /**
         * The COUNT of the next step: {@code wanted}, or less near the end of the segment, where more would only visit
         * keys of the following one that belong to another turn. Somewhat more than the keys left is asked for, since a
         * second call costs more than some keys visited twice. A segment that may hold nothing at all is begun with a
         * short step.
         */
        public int limitCount(int wanted) {
            if (segments() == 1) {
                return wanted;
            }
            if (!begun && !segmentation.even()) {
                return Math.min(wanted, FIRST_LOOK);
            }
            double left = keysLeft();
            double slack = 2 * Math.sqrt(left) + 10;
            return (int) Math.min(wanted, Math.ceil(left + slack));
        }

        private double keysLeft() {
            double position = position();
            double expected = (1 - position) * keys / segments();
            double passed = position - begunAt;
            if (segmentation.even() || passed <= 0) {
                return expected;
            }
            return Math.max(expected, segmentVisited * (1 - position) / passed);
        }

        private double position() {
            return begun ? segmentation.within(cursor) : 0;
        }
    }
}
