package io.keysweep.engine.estimate;

/**
 * A backlog is the number of dead keys: expired keys that still use memory. It is for one database or several together.
 *
 * @param dead the estimated or counted number of dead keys
 * @param halfWidth half the width of the 95 % interval around {@code dead}; 0 for a count
 * @param coveredKeys about how many keys, live and dead, the calls have covered
 * @param calls the number of SCAN calls
 * @param reclaimed the number of dead keys that the calls have removed; 0 on a replica
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
