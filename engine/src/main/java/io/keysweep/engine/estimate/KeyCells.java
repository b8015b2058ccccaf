package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Holds the estimated amount of each cell in one database or several, from which a picture of the keys is made.
 *
 * @param cells the amounts of the cells that the sample has met, in keys or bytes
 * @param unseenKeys the upper end of the 95 % interval of a cell that the sample has not met
 * @param read the number of keys that were read
 * @param measured the number of keys whose type and size were read
 * @param unread the number of keys that could not be read
 */
record KeyCells(Map<PictureCell, Amount> cells, double unseenKeys, long read, long measured, long unread) {

    static final KeyCells NONE =
            new KeyCells(Map.of(), /* unseenKeys= */ 0, /* read= */ 0, /* measured= */ 0, /* unread= */ 0);

    /** Returns the amount of a cell. */
    Amount amount(PictureCell cell) {
        return cells.getOrDefault(cell, new Amount(/* value= */ 0, unseenKeys));
    }

    /** Returns the sum of the cells of two databases. */
    KeyCells plus(KeyCells other) {
        Set<PictureCell> all = new HashSet<>(cells.keySet());
        all.addAll(other.cells.keySet());
        Map<PictureCell, Amount> sums = new HashMap<>();
        all.forEach(cell -> sums.put(cell, amount(cell).plus(other.amount(cell))));
        return new KeyCells(
                sums,
                Math.hypot(unseenKeys, other.unseenKeys),
                read + other.read,
                measured + other.measured,
                unread + other.unread);
    }
}
