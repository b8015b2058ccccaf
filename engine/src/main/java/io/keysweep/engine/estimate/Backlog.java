package io.keysweep.engine.estimate;

/**
 * Holds the number of dead keys (expired keys that still use memory) in one database or in several together.
 *
 * <p>{@link TableSample}, {@link SlotSample} and {@link FullScan} return a backlog together with the number of calls
 * and keys that were needed for it.
 *
 * @param dead the estimated or counted number of dead keys; an estimate can be slightly below 0
 * @param halfWidth half the width of the 95 % interval around {@code dead}; 0 for a count during which the number of
 *     keys has not changed
 * @param coveredKeys about how many keys, live and dead, are in the parts of the databases that the calls went over
 * @param calls the number of SCAN calls
 * @param reclaimed the number of dead keys that the calls have removed; 0 on a replica
 * @param missing on a primary, the estimated number of keys that DBSIZE counts but SCAN has neither returned nor
 *     removed, as if it hid dead keys; {@link Amount#NONE} on a replica
 * @param cells what was read of the live keys; {@link KeyCells#NONE} if no picture (which divides the keys by
 *     remaining TTL, type and size) was requested
 */
record Backlog(
        double dead, double halfWidth, long coveredKeys, long calls, long reclaimed, Amount missing, KeyCells cells) {

    /** The backlog of a database without keys. */
    static final Backlog NONE = counted(/* dead= */ 0, /* coveredKeys= */ 0, /* calls= */ 0, /* reclaimed= */ 0);

    /** Returns a backlog that was counted and not sampled, so that it has no interval. */
    static Backlog counted(double dead, long coveredKeys, long calls, long reclaimed) {
        return new Backlog(dead, /* halfWidth= */ 0, coveredKeys, calls, reclaimed, Amount.NONE, KeyCells.NONE);
    }

    /**
     * Returns the backlog of a replica's sample, corrected for a database that others have changed during the sample.
     * The sample compares the live keys that it has met with the number of keys at its beginning. On average it has
     * met half of the change, so the number of keys in the middle of the sample fits better. The interval allows for
     * all of the change.
     *
     * @param change by how many keys the database has grown since the sample began; negative if it has shrunk
     */
    Backlog changedBy(long change) {
        return new Backlog(
                dead + change / 2.0, halfWidth + Math.abs(change) / 2.0, coveredKeys, calls, reclaimed, missing, cells);
    }

    /**
     * Returns the same backlog for a database in which no key has a TTL, so that none can be dead. What a sample has
     * estimated there is only its error.
     */
    Backlog withoutDead() {
        return new Backlog(/* dead= */ 0, /* halfWidth= */ 0, coveredKeys, calls, reclaimed, missing, cells);
    }

    /** Returns the same backlog with another number of {@link #missing} keys. */
    Backlog missing(Amount newMissing) {
        return new Backlog(dead, halfWidth, coveredKeys, calls, reclaimed, newMissing, cells);
    }

    /** Returns the same backlog with other cells. */
    Backlog with(KeyCells newCells) {
        return new Backlog(dead, halfWidth, coveredKeys, calls, reclaimed, missing, newCells);
    }

    /**
     * Returns the sum of two backlogs. Their errors are independent, so the squares of the half widths add up: 3 and 4
     * result in 5.
     */
    Backlog plus(Backlog other) {
        return new Backlog(
                dead + other.dead,
                Math.hypot(halfWidth, other.halfWidth),
                coveredKeys + other.coveredKeys,
                calls + other.calls,
                reclaimed + other.reclaimed,
                missing.plus(other.missing),
                cells.plus(other.cells));
    }
}
