package io.keysweep.engine.estimate;

/**
 * Dead keys of one database, or of several together.
 *
 * @param dead the likeliest number
 * @param halfWidth half the width of its 95 % interval; 0 where it was counted
 * @param passed about how many keys were passed
 * @param calls SCAN calls that it took
 * @param reclaimed dead keys reclaimed on the way
 */
record Backlog(double dead, double halfWidth, long passed, long calls, long reclaimed) {

    static final Backlog NONE = new Backlog(0, 0, 0, 0, 0);

    /** Both together. Databases err independently of each other, so errors add as squares. */
    Backlog plus(Backlog other) {
        return new Backlog(
                dead + other.dead,
                Math.hypot(halfWidth, other.halfWidth),
                passed + other.passed,
                calls + other.calls,
                reclaimed + other.reclaimed);
    }
}
