package io.keysweep.engine.plan;

/**
 * Follows the cursors of one SCAN from reply to reply, and detects a cursor that appears again.
 *
 * <p>A SCAN in which a cursor appears again never ends; some proxies cause this. The trail remembers a single cursor
 * and compares each new cursor with it. The remembered cursor is replaced after 2, 4, 8, 16 … cursors (Brent's
 * algorithm). So the trail finds a cycle of any length after it was run through a few times, and needs no memory for
 * the other cursors. Not thread-safe.
 */
public final class CursorTrail {

    /** The earlier cursor with which each new one is compared. */
    private long remembered;

    /** The number of cursors added so far. */
    private long cursorCount;

    /** The value of {@link #cursorCount} at which the next cursor replaces the remembered one. */
    private long rememberNextAt = 1;

    private boolean repeated;

    /** Adds the cursor in a reply, unless it is 0, the end of the scan. */
    public void add(long cursor) {
        if (cursorCount > 0 && cursor == remembered) {
            repeated = true;
        }
        if (cursorCount == 0 || cursorCount == rememberNextAt) {
            remembered = cursor;
            rememberNextAt = 2 * Math.max(1, cursorCount);
        }
        cursorCount++;
    }

    /** Returns whether a cursor has appeared again; once true, it stays true. */
    public boolean repeated() {
        return repeated;
    }
}
