package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.Map;

/**
 * Estimates from a sample how many living keys of a database belong to each {@link PictureCell}.
 *
 * <p>A cluster here is a group of keys that were read together, not a Redis cluster. {@link TableSample}, {@link
 * SlotSample} and {@link FullScan} add one cluster for each part of the database that they visit. There are two kinds
 * of cells:
 *
 * <ul>
 * <li>Cells of properties that are read of every key, such as its TTL, are estimated per unit of cluster size, and
 * multiplied by the size of the database.
 * <li>Type and memory are read of some keys only, the <i>measured</i> ones. Their cells are estimated per measured key,
 * and multiplied by the estimated number of living keys.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class KeySample {

    /**
     * The upper end of the 95 % interval for a kind of key that does not occur in the sample, in keys of the sample.
     * Statistics calls this the rule of three.
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
     * @param clusterSize the size of the cluster, in the unit in which {@link #cells} takes the size of the database
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
     * if all measured keys are strings, it is 0. But the sample may have missed a few keys of another kind, so no
     * interval is narrower than {@link #RULE_OF_THREE} allows, unless every key was read.
     *
     * @param databaseSize the size of the database, in the unit of {@code clusterSize} of {@link #add}
     * @param covered the part of all keys that the sample covers, 0 to 1
     * @param allowance the amount by which each interval is widened, as a part of {@code databaseSize}, for groups of
     *     keys that the sample may have missed; 0 if such groups do not exist
     */
    KeyCells cells(double databaseSize, double covered, double allowance) {
        Map<PictureCell, Amount> cells = new HashMap<>();
        boolean isPart = covered > 0 && covered < 1;
        double unmetKeys = isPart ? RULE_OF_THREE / covered * (1 - covered) : 0;
        countedCells.ratios(covered).forEach((cell, ratio) -> {
            double halfWidth = (ratio.halfWidth() + allowance) * databaseSize;
            cells.put(cell, new Amount(ratio.value() * databaseSize, Math.max(halfWidth, unmetKeys)));
        });
        Amount living = cells.getOrDefault(PictureCell.LIVING, Amount.NONE);
        double measuredPart = read > 0 ? covered * measured / read : 0;
        double unmeasuredKeys = unmeasuredKeys(living.value(), measuredPart);
        measuredCells.ratios(measuredPart).forEach((cell, share) -> {
            // The errors of the two factors are independent, so their squares add up to the square of the product's
            // error.
            double halfWidth = Math.hypot(share.halfWidth() * living.value(), share.value() * living.halfWidth());
            // The amounts of this kind are bytes, and not keys.
            double minHalfWidth = cell.kind() == PictureCell.Kind.BYTES ? 0 : unmeasuredKeys * (1 - measuredPart);
            cells.put(cell, new Amount(share.value() * living.value(), Math.max(halfWidth, minHalfWidth)));
        });
        double missedByChance = isPart ? RULE_OF_THREE / covered : 0;
        double missedAsGroup = RULE_OF_THREE * allowance * databaseSize;
        return new KeyCells(
                cells, missedByChance + missedAsGroup, unmeasuredKeys + missedAsGroup, read, measured, unread);
    }

    /**
     * Returns how many living keys of a type or size may exist although the sample has measured none of them. This
     * number is 3 measured keys, scaled up to all keys.
     *
     * @param living the estimated number of living keys
     * @param measuredPart the part of all keys that was measured, 0 to 1; 0 if that is unknown
     */
    private double unmeasuredKeys(double living, double measuredPart) {
        if (measuredPart >= 1) {
            return 0;
        }
        return measured == 0 ? living : Math.min(living, RULE_OF_THREE / measured * living);
    }
}
