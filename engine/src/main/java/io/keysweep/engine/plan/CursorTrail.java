package io.keysweep.engine.plan;

/**
 * Follows the cursors of one scan, and detects that a cursor comes back, so that the scan would never end.
 *
 * <p>It remembers one earlier cursor and replaces it each time that twice as many have passed (Brent's algorithm). So
 * it finds a cycle of any length within a few rounds, and needs no memory for the cursors between. Not thread-safe.
 */
public final class CursorTrail {

    /** The earlier cursor with which each new one is compared. */
    private long remembered;
    /** The number of cursors added so far. */
    private long passed;
    /** The number of cursors after which the next one is remembered instead. */
    private long rememberNextAt = 1;

    private boolean repeated;

    /** Adds the cursor in a reply that is not the end of the scan. */
    public void add(long cursor) {
        if (passed > 0 && cursor == remembered) {
            repeated = true;
        }
        if (passed == 0 || passed == rememberNextAt) {
            remembered = cursor;
            rememberNextAt = 2 * Math.max(1, passed);
        }
        passed++;
    }

    /** Returns whether a cursor has come back. */
    public boolean repeated() {
        return repeated;
    }
}
