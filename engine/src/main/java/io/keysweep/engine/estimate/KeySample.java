package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.Map;

/**
 * Estimates from a sample how many live keys of a database belong to each {@link PictureCell}.
 *
 * <p>A cluster here is a group of keys that were read together, not a Redis cluster. {@link TableSample}, {@link
 * SlotSample} and {@link FullScan} add one cluster for each part of the database that they visit. There are two kinds
 * of cells:
 *
 * <ul>
 * <li>Cells of properties that are read of every key, such as its TTL, are estimated per unit of cluster size, and
 * multiplied by the size of the database.
 * <li>Type and memory are read of some keys only, the <i>measured</i> ones. Their cells are estimated per measured key,
 * and multiplied by the estimated number of live keys.
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

    /** The cells of properties that are read of every key, in relation to the size of the clusters. */
    private final ClusterSums countedCells = new ClusterSums();
    /** The cells of type and memory, in relation to the number of measured keys. */
    private final ClusterSums measuredCells = new ClusterSums();

    private long read;
    private long measured;
    private long unread;

    /**
     * Adds one cluster.
     *
     * @param tally the sums over the cluster's keys
     * @param clusterSize the size of the cluster in any unit, if {@code databaseSize} of {@link #cells} has the same
     *     unit. {@link SlotSample} passes 1 for each draw
     * @param scale the factor by which the numbers of keys are multiplied, for example 1 / n to turn them into shares
     *     of n keys
     */
    void add(KeyTally tally, double clusterSize, double scale) {
        Map<PictureCell, Double> countedAmounts = new HashMap<>();
        Map<PictureCell, Double> measuredAmounts = new HashMap<>();
        tally.cells()
                .forEach((cell, amount) ->
                        (cell.kind().measured() ? measuredAmounts : countedAmounts).put(cell, amount));
        countedCells.add(clusterSize, countedAmounts, scale);
        if (tally.measured() > 0) {
            double measuredKeys = tally.measured();
            measuredCells.add(measuredKeys, measuredAmounts, /* scale= */ 1);
        }
        read += tally.read();
        measured += tally.measured();
        unread += tally.unread();
    }

    /**
     * Returns the estimated amounts of the whole database.
     *
     * <p>The error of a cell follows from the differences between the clusters. If all clusters are alike, for example
     * if all measured keys are strings, it is 0. But a few keys of another kind may be unseen, so no
     * interval is narrower than {@link #RULE_OF_THREE} allows, unless every key was read.
     *
     * @param databaseSize the size of the database, in the unit of {@code clusterSize} of {@link #add}
     * @param covered the part of all keys that the sample covers, 0 to 1. It is 0 if the part is unknown, as for draws
     *     of slots, where {@code allowance} covers the unseen keys
     * @param allowance the half-width that is added to each interval, divided by {@code databaseSize}. It is 1 / draws
     *     for slots, because a group of keys in a unit that was not drawn may be unseen, and 0 for one table
     */
    KeyCells cells(double databaseSize, double covered, double allowance) {
        Map<PictureCell, Amount> cells = new HashMap<>();
        boolean isPart = covered > 0 && covered < 1;
        double minHalfWidthOfCounts = isPart ? RULE_OF_THREE / covered * (1 - covered) : 0;
        countedCells.ratios(covered).forEach((cell, ratio) -> {
            double halfWidth = (ratio.halfWidth() + allowance) * databaseSize;
            cells.put(cell, new Amount(ratio.value() * databaseSize, Math.max(halfWidth, minHalfWidthOfCounts)));
        });
        Amount living = cells.getOrDefault(PictureCell.LIVING, Amount.NONE);
        double measuredPart = read > 0 ? covered * measured / read : 0;
        double unseenMeasured = unseenMeasured(living.value(), measuredPart);
        measuredCells.ratios(measuredPart).forEach((cell, share) -> {
            // The errors of the two factors are independent, so their squares add up to the square of the product's
            // error.
            double halfWidth = Math.hypot(share.halfWidth() * living.value(), share.value() * living.halfWidth());
            // The rule of three is a number of keys, so it gives no minimum for an interval of bytes.
            double minHalfWidth = cell.kind() == PictureCell.Kind.BYTES ? 0 : unseenMeasured * (1 - measuredPart);
            cells.put(cell, new Amount(share.value() * living.value(), Math.max(halfWidth, minHalfWidth)));
        });
        double unseenByChance = isPart ? RULE_OF_THREE / covered : 0;
        double unseenInGroup = RULE_OF_THREE * allowance * databaseSize;
        return new KeyCells(
                cells, unseenByChance + unseenInGroup, unseenMeasured + unseenInGroup, read, measured, unread);
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
        return measured == 0 ? living : Math.min(living, RULE_OF_THREE / measured * living);
    }
}
