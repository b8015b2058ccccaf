package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.Map;

/**
 * Estimates from the clusters of a database's sample how many keys are in each cell.
 *
 * <p>{@link TableSample}, {@link SlotSample} and {@link FullScan} add their clusters. The counts of keys refer to the
 * size of the clusters. Type and memory are read of some keys only, so their cells refer to the number of these keys,
 * and are then applied to all living keys. Used by one thread.
 */
final class KeySample {

    /**
     * The upper end of the 95 % interval for something that was not met once, in keys of the sample: the rule of three.
     */
    static final double RULE_OF_THREE = 3;

    private final ClusterSums counted = new ClusterSums();
    private final ClusterSums measuredCells = new ClusterSums();
    private long read;
    private long measured;
    private long unread;

    /**
     * Adds one cluster.
     *
     * @param tally what was read of its keys
     * @param clusterSize its size, to which the counts refer
     * @param scale by which the counts are multiplied before they are compared with the size
     */
    void add(KeyTally tally, double clusterSize, double scale) {
        Map<PictureCell, Double> keys = new HashMap<>();
        Map<PictureCell, Double> measures = new HashMap<>();
        tally.cells().forEach((cell, amount) -> (cell.kind().measured() ? measures : keys).put(cell, amount));
        counted.add(clusterSize, keys, scale);
        if (tally.measured() > 0) {
            double size = tally.measured();
            measuredCells.add(size, measures, /* scale= */ 1);
        }
        read += tally.read();
        measured += tally.measured();
        unread += tally.unread();
    }

    /**
     * Returns the estimated amounts.
     *
     * @param all the amount that belongs to a ratio of 1
     * @param covered which part of all keys the sample covers, 0 to 1
     * @param allowance by how much each interval is widened, as a part of {@code all}, for keys that the sample may
     *     have missed as a group; 0 if such groups do not exist
     */
    KeyCells cells(double all, double covered, double allowance) {
        Map<PictureCell, Amount> cells = new HashMap<>();
        counted.ratios(covered)
                .forEach((cell, ratio) ->
                        cells.put(cell, new Amount(ratio.value() * all, (ratio.halfWidth() + allowance) * all)));
        Amount living = cells.getOrDefault(PictureCell.LIVING, Amount.NONE);
        double measuredPart = read > 0 ? covered * measured / read : 0;
        measuredCells
                .ratios(measuredPart)
                .forEach((cell, share) -> cells.put(
                        cell,
                        new Amount(
                                share.value() * living.value(),
                                Math.hypot(share.halfWidth() * living.value(), share.value() * living.halfWidth()))));
        double missedByChance = covered > 0 && covered < 1 ? RULE_OF_THREE / covered : 0;
        return new KeyCells(cells, missedByChance + RULE_OF_THREE * allowance * all, read, measured, unread);
    }
}
