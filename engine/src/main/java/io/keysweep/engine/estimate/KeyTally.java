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
    private long read;
    private long measured;
    private long unread;

    /**
     * Adds numbers of keys.
     *
     * @param readKeys the keys whose TTL was read
     * @param measuredKeys the keys among them whose type and size were read
     * @param unreadKeys the keys that could not be read
     */
    void count(long readKeys, long measuredKeys, long unreadKeys) {
        read += readKeys;
        measured += measuredKeys;
        unread += unreadKeys;
    }

    /** Adds an amount, in keys or bytes, to a cell. */
    void add(PictureCell cell, double amount) {
        cells.merge(cell, amount, Double::sum);
    }

    Map<PictureCell, Double> cells() {
        return cells;
    }

    long read() {
        return read;
    }

    long measured() {
        return measured;
    }

    long unread() {
        return unread;
    }
}
