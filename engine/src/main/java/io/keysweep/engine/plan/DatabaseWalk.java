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

    private final int db;
    private final int segmentBits;
    private final long seed;
    private final long keys;
    private final boolean cursorTells;
    private final SegmentOrder order;
    private final List<Lane> lanes = new ArrayList<>();
    private int opened;
    private long visited;

    private DatabaseWalk(DatabasePosition position, long keys, boolean cursorTells) {
        this.db = position.db();
        this.segmentBits = position.segmentBits();
        this.seed = position.seed();
        this.keys = keys;
        this.cursorTells = cursorTells;
        this.order = new SegmentOrder(segmentBits, seed);
        moveTo(position);
    }

    /**
     * A walk from a position on.
     *
     * @param keys keys that the database holds, for the progress
     * @param cursorTells whether a cursor is known to tell how far a scan has come; else the keys visited from here on
     *     must do
     */
    static DatabaseWalk from(DatabasePosition position, long keys, boolean cursorTells) {
        return new DatabaseWalk(position, keys, cursorTells);
    }

    /** Database number. */
    public int db() {
        return db;
    }

    /** Keys that the database held when it was planned. */
    public long keys() {
        return keys;
    }

    /** The database is cut into 2^bits segments; 0 is one sequential pass. */
    public int segmentBits() {
        return segmentBits;
    }

    /** Whether every segment is covered. */
    public boolean complete() {
        return lanes.isEmpty() && opened == segments();
    }

    /**
     * A segment to do a step in, which stays taken until {@link Lane#advance}.
     *
     * @param most how many segments may be open at a time
     * @return null if every segment is covered or taken
     */
    public @Nullable Lane next(int most) {
        for (Lane lane : lanes) {
            if (!lane.taken) {
                return lane.take();
            }
        }
        if (lanes.size() >= most || opened == segments()) {
            return null;
        }
        return open().take();
    }

    /** How much of the database is covered, 0 to 1. */
    public double fraction() {
        if (complete()) {
            return 1;
        }
        if (!cursorTells) {
            return Math.min(MOST_BY_VISITED, visited / (double) Math.max(1, keys));
        }
        double within = lanes.stream().mapToDouble(Lane::position).sum();
        return (opened - lanes.size() + within) / segments();
    }

    /** The position to go on from; what lies beyond the first open segment is not in it and will be done again. */
    public DatabasePosition position() {
        if (lanes.isEmpty()) {
            return new DatabasePosition(db, segmentBits, seed, opened, null);
        }
        Lane first = lanes.getFirst();
        return new DatabasePosition(db, segmentBits, seed, first.index, first.begun ? first.cursor : null);
    }

    /** Goes to a position of the same plan. */
    void moveTo(DatabasePosition position) {
        lanes.clear();
        opened = position.segmentsDone();
        Long cursor = position.cursor();
        if (cursor != null) {
            Lane lane = open();
            lane.cursor = cursor;
            lane.begun = true;
        }
    }

    private Lane open() {
        Lane lane = new Lane(opened++);
        lanes.add(lane);
        return lane;
    }

    private int segments() {
        return 1 << segmentBits;
    }

    /** The way through one segment. */
    public final class Lane {

        private final int index;
        private final long segment;
        private long cursor;
        private boolean begun;
        private boolean taken;

        private Lane(int index) {
            this.index = index;
            this.segment = order.at(index);
            this.cursor = segment;
        }

        private Lane take() {
            taken = true;
            return this;
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
            taken = false;
            begun = true;
            cursor = next;
            if (ScanCursor.leaves(segment, segmentBits, next)) {
                lanes.remove(this);
            }
        }

        /**
         * The COUNT of the next step: {@code wanted}, or less near the end of the segment, where more would only visit
         * keys of the following one that belong to another turn. Somewhat more than the keys left is asked for, since a
         * second call costs more than some keys visited twice.
         */
        public int trim(int wanted) {
            double left = (1 - position()) * keys / segments();
            double slack = 2 * Math.sqrt(left) + 10;
            return segmentBits == 0 ? wanted : (int) Math.min(wanted, Math.ceil(left + slack));
        }

        private double position() {
            return begun ? ScanCursor.positionWithin(cursor, segmentBits) : 0;
        }
    }
}
