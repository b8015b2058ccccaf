package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.Map;

/**
 * Adds up the properties of live keys that a {@link KeyReader} has read in one or several calls of a sample.
 *
 * <p>{@link KeySample} estimates the sums of the whole database from the tallies. Not thread-safe.
 */
final class KeyTally {

    /** The tally of a sample that reads no keys. */
    static final KeyTally EMPTY = new KeyTally();

    private final Map<PictureCell, Double> cells = new HashMap<>();
    private long keysRead;
    private long keysMeasured;
    private long keysUnread;

    /**
     * Adds numbers of keys.
     *
     * @param readKeys the keys whose TTL was read
     * @param measuredKeys the keys among them whose type and size were read
     * @param unreadKeys the keys that could not be read
     */
    void count(long readKeys, long measuredKeys, long unreadKeys) {
        keysRead += readKeys;
        keysMeasured += measuredKeys;
        keysUnread += unreadKeys;
    }

    /** Adds an amount, in keys or bytes, to a cell. */
    void add(PictureCell cell, double amount) {
        cells.merge(cell, amount, Double::sum);
    }

    Map<PictureCell, Double> cells() {
        return cells;
    }

    long keysRead() {
        return keysRead;
    }

    long keysMeasured() {
        return keysMeasured;
    }

    long keysUnread() {
        return keysUnread;
    }
}
