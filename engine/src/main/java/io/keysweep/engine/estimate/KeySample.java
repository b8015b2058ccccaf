package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.Map;

/**
 * Estimates from a sample how many live keys of a database belong to each {@link PictureCell}.
 *
 * <p>{@link TableSample}, {@link SlotSample} and {@link FullScan} add one group of keys for each part of the database
 * that they visit. The estimate of a cell is a ratio (the sum over all groups, divided by the sum of their sizes) times
 * a number for the whole database:
 *
 * <ul>
 * <li>Properties such as the TTL are read of every key. Their ratio uses the sizes given to {@link #add}, and is
 * multiplied by the size of the database.
 * <li>Type and memory are read of some keys only, the <i>measured</i> ones. The size of a group is then its number of
 * measured keys, and the ratio is multiplied by the estimated number of live keys.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class KeySample {

    /**
     * The rule of three of statistics: if a sample of n keys has no key of a kind, then with 95 % certainty at most
     * 3 / n of all keys are of that kind.
     */
    static final double RULE_OF_THREE = 3;

    /** The cells of properties that are read of every key, in relation to the size of the groups. */
    private final GroupSums countedCells = new GroupSums();

    /** The cells of type and memory, in relation to the number of measured keys. */
    private final GroupSums measuredCells = new GroupSums();

    /** The number of keys whose TTL was read. */
    private long keysRead;

    /** The number of these keys whose type and size were read as well. */
    private long keysMeasured;

    /** The number of keys that SCAN returned, but that could not be read. */
    private long keysUnread;

    /**
     * Adds one group of keys that were read together.
     *
     * @param tally the sums over the keys of the group
     * @param groupSize the size of the group, in the same unit as {@code databaseSize} of {@link #cells}. {@link
     *     SlotSample} passes 1 for each draw
     * @param scale the factor for the numbers of keys in cells of properties that are read of every key. 1 leaves them
     *     as they are; {@link SlotSample} passes 1 / n, which turns them into parts of the n keys of the drawn unit
     */
    void add(KeyTally tally, double groupSize, double scale) {
        Map<PictureCell, Double> countedAmounts = new HashMap<>();
        Map<PictureCell, Double> measuredAmounts = new HashMap<>();
        tally.cells()
                .forEach((cell, amount) ->
                        (cell.kind().countsMeasuredKeys() ? measuredAmounts : countedAmounts).put(cell, amount));
        countedCells.add(groupSize, countedAmounts, scale);
        if (tally.keysMeasured() > 0) {
            double measuredKeys = tally.keysMeasured();
            measuredCells.add(measuredKeys, measuredAmounts, /* scale= */ 1);
        }
        keysRead += tally.keysRead();
        keysMeasured += tally.keysMeasured();
        keysUnread += tally.keysUnread();
    }

    /**
     * Returns the estimated amounts of the whole database.
     *
     * <p>The error of a cell follows from the differences between the groups. If all groups are alike, for example
     * if all measured keys are strings, the error is 0. But a few keys of another kind may be unseen, so no
     * interval is narrower than {@link #RULE_OF_THREE} allows, unless every key was read.
     *
     * @param databaseSize the size of the database, in the unit of {@code groupSize} of {@link #add}
     * @param covered the part of all keys that the sample covers, 0 to 1. It is 0 if the part is unknown, as for draws
     *     of slots, where {@code allowance} covers the unseen keys
     * @param allowance the extra half-width of each interval, as a part of {@code databaseSize}. {@link SlotSample}
     *     passes 1 / draws, because a kind of key may exist only in units that were not drawn. The other callers pass 0
     */
    KeyCells cells(double databaseSize, double covered, double allowance) {
        Map<PictureCell, Amount> cells = new HashMap<>();
        boolean isPart = covered > 0 && covered < 1;
        // By the rule of three, 3 / covered keys of a kind may be unseen. The part that was read has none of them.
        double minHalfWidthOfCounts = isPart ? RULE_OF_THREE / covered * (1 - covered) : 0;
        countedCells.ratios(covered).forEach((cell, ratio) -> {
            double halfWidth = (ratio.halfWidth() + allowance) * databaseSize;
            cells.put(cell, new Amount(ratio.value() * databaseSize, Math.max(halfWidth, minHalfWidthOfCounts)));
        });
        Amount living = cells.getOrDefault(PictureCell.LIVING, Amount.NONE);
        double measuredPart = keysRead > 0 ? covered * keysMeasured / keysRead : 0;
        double unseenMeasured = unseenMeasured(living.value(), measuredPart);
        measuredCells.ratios(measuredPart).forEach((cell, share) -> {
            // The errors of the two factors are independent, so their squares add up to the square of the product's
            // error.
            double halfWidth = Math.hypot(share.halfWidth() * living.value(), share.value() * living.halfWidth());
            // The rule of three is a number of keys, so it gives no minimum for an interval of bytes.
            double minHalfWidth = cell.kind().isInBytes() ? 0 : unseenMeasured * (1 - measuredPart);
            cells.put(cell, new Amount(share.value() * living.value(), Math.max(halfWidth, minHalfWidth)));
        });
        double unseenByChance = isPart ? RULE_OF_THREE / covered : 0;
        double unseenInGroup = RULE_OF_THREE * allowance * databaseSize;
        return new KeyCells(
                cells,
                unseenByChance + unseenInGroup,
                unseenMeasured + unseenInGroup,
                keysRead,
                keysMeasured,
                keysUnread);
    }

    /**
     * Returns how many live keys of a type or size may exist although the sample has measured none of them. This
     * number is 3 measured keys, scaled up to all keys.
     *
     * @param living the estimated number of live keys
     * @param measuredPart the part of all keys that was measured, 0 to 1; 0 if that is unknown
     */
    private double unseenMeasured(double living, double measuredPart) {
        if (measuredPart >= 1) {
            return 0;
        }
        return keysMeasured == 0 ? living : Math.min(living, RULE_OF_THREE / keysMeasured * living);
    }
}
