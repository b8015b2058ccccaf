package io.keysweep.engine.estimate;

/**
 * Holds the number of dead keys (expired keys that still use memory) in one database or in several together.
 *
 * <p>{@link TableSample}, {@link SlotSample} and {@link FullScan} return a backlog together with the number of calls
 * and keys that were needed for it.
 *
 * @param dead the estimated or counted number of dead keys; an estimate can be slightly below 0
 * @param halfWidth half the width of the 95 % interval around {@code dead}; 0 for a count
 * @param coveredKeys about how many keys, live and dead, are in the scanned parts of the databases
 * @param calls the number of SCAN calls
 * @param reclaimed the number of dead keys that the calls have removed; 0 on a replica
 * @param cells the sums over the living keys for a picture; {@link KeyCells#NONE} if no picture was requested
 */
record Backlog(double dead, double halfWidth, long coveredKeys, long calls, long reclaimed, KeyCells cells) {

    /** The backlog of a database without keys. */
    static final Backlog NONE = counted(/* dead= */ 0, /* coveredKeys= */ 0, /* calls= */ 0, /* reclaimed= */ 0);

    /** Returns a backlog that was counted and not sampled, so that it has no interval. */
    static Backlog counted(double dead, long coveredKeys, long calls, long reclaimed) {
        return new Backlog(dead, /* halfWidth= */ 0, coveredKeys, calls, reclaimed, KeyCells.NONE);
    }

    /** Returns the same backlog with other cells. */
    Backlog with(KeyCells newCells) {
        return new Backlog(dead, halfWidth, coveredKeys, calls, reclaimed, newCells);
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
                cells.plus(other.cells));
    }
}
