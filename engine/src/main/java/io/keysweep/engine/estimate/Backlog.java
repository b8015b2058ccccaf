package io.keysweep.engine.estimate;

/**
 * Holds the dead keys of one database or of several together, as estimated or counted.
 *
 * @param dead the most likely number of dead keys
 * @param halfWidth half the width of its 95 % interval; 0 if it is a count
 * @param coveredKeys about how many keys were covered, live and dead
 * @param calls number of SCAN calls
 * @param reclaimed dead keys that the calls have reclaimed
 */
record Backlog(double dead, double halfWidth, long coveredKeys, long calls, long reclaimed) {

    static final Backlog NONE = new Backlog(0, 0, 0, 0, 0);

    /** Returns the sum of two backlogs. Their errors are independent of each other, so they add as squares. */
    Backlog plus(Backlog other) {
        return new Backlog(
                dead + other.dead,
                Math.hypot(halfWidth, other.halfWidth),
                coveredKeys + other.coveredKeys,
                calls + other.calls,
                reclaimed + other.reclaimed);
    }
}
