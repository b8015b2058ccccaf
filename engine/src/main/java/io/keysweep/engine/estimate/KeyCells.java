package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Holds the estimated amounts for a picture of the keys, one for each {@link PictureCell}.
 *
 * <p>A picture divides the live keys by remaining TTL, type and size. The amounts describe one database, or several
 * together. {@link KeySample} estimates them, and {@link PictureBuilder} makes the picture.
 *
 * @param cells the amounts, in keys or bytes, of the cells for which the sample has keys
 * @param unseenKeys the upper end of the 95 % interval, in keys, of a cell for which the sample has no key
 * @param unseenMeasuredKeys the same for a cell of measured keys, whose type and size were read. It is higher, since
 *     fewer keys were measured than read
 * @param keysRead the number of keys whose TTL was read
 * @param keysMeasured the number of these keys whose type and size were read as well
 * @param keysUnread the number of keys that could not be read
 */
record KeyCells(
        Map<PictureCell, Amount> cells,
        double unseenKeys,
        double unseenMeasuredKeys,
        long keysRead,
        long keysMeasured,
        long keysUnread) {

    static final KeyCells NONE = new KeyCells(
            Map.of(),
            /* unseenKeys= */ 0,
            /* unseenMeasuredKeys= */ 0,
            /* keysRead= */ 0,
            /* keysMeasured= */ 0,
            /* keysUnread= */ 0);

    /**
     * Returns the amount of a cell; if the sample has no key for the cell, 0 with the interval of {@code unseenKeys} or
     * {@code unseenMeasuredKeys}.
     */
    Amount amount(PictureCell cell) {
        return cells.getOrDefault(
                cell, new Amount(/* value= */ 0, cell.kind().countsMeasuredKeys() ? unseenMeasuredKeys : unseenKeys));
    }

    /** Returns the sum of the cells of two databases, whose errors are independent. */
    KeyCells plus(KeyCells other) {
        Set<PictureCell> allCells = new HashSet<>(cells.keySet());
        allCells.addAll(other.cells.keySet());
        Map<PictureCell, Amount> sums = new HashMap<>();
        allCells.forEach(cell -> sums.put(cell, amount(cell).plus(other.amount(cell))));
        return new KeyCells(
                sums,
                Math.hypot(unseenKeys, other.unseenKeys),
                Math.hypot(unseenMeasuredKeys, other.unseenMeasuredKeys),
                keysRead + other.keysRead,
                keysMeasured + other.keysMeasured,
                keysUnread + other.keysUnread);
    }
}
