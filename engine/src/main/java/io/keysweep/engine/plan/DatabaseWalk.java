package io.keysweep.engine.plan;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;

/** The way through one database, segment by segment. Not safe to share between threads. */
public final class DatabaseWalk {

    /** Keys may be added or met twice, so having visited as many as there were is not yet the end. */
    private static final double MOST_BY_VISITED = 0.99;

    private final int db;
    private final int segmentBits;
    private final long seed;
    private final long keys;
    private final boolean cursorTells;
    private final SegmentOrder order;
    private int segmentsDone;
    private long cursor;
    private boolean inSegment;
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

    /** Whether every segment is covered. */
    public boolean complete() {
        return segmentsDone >= 1 << segmentBits;
    }

    /** Cursor of the next step, unsigned. */
    public long cursor() {
        return inSegment ? cursor : order.at(segmentsDone);
    }

    /**
     * Records where a step from {@link #cursor()} has come to.
     *
     * @param next the cursor in its reply
     * @param stepVisited keys that it has visited
     */
    public void advance(long next, long stepVisited) {
        visited += stepVisited;
        if (ScanCursor.leaves(order.at(segmentsDone), segmentBits, next)) {
            segmentsDone++;
            inSegment = false;
        } else {
            cursor = next;
            inSegment = true;
        }
    }

    /**
     * The COUNT of the next step: {@code wanted}, or less near the end of a segment, where more would only visit keys of
     * the following one that belong to another turn. Somewhat more than the keys left is asked for, since a second call
     * costs more than some keys visited twice.
     */
    public int trim(int wanted) {
        double left = (1 - positionInSegment()) * keys / (1 << segmentBits);
        double slack = 2 * Math.sqrt(left) + 10;
        return segmentBits == 0 ? wanted : (int) Math.min(wanted, Math.ceil(left + slack));
    }

    /** How much of the database is covered, 0 to 1. */
    public double fraction() {
        return complete() ? 1 : (segmentsDone + positionInSegment()) / (1 << segmentBits);
    }

    /** The position to go on from. */
    public DatabasePosition position() {
        return new DatabasePosition(db, segmentBits, seed, segmentsDone, inSegment ? cursor : null);
    }

    /** Goes to a position of the same plan. */
    void moveTo(DatabasePosition position) {
        segmentsDone = position.segmentsDone();
        Long at = position.cursor();
        inSegment = at != null;
        cursor = at == null ? 0 : at;
    }

    private double positionInSegment() {
        if (!cursorTells) {
            return Math.min(MOST_BY_VISITED, visited / (double) Math.max(1, keys));
        }
        return inSegment ? ScanCursor.positionWithin(cursor, segmentBits) : 0;
    }
}
