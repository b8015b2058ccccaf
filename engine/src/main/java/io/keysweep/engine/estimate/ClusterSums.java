package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the cells of a sample's clusters, and estimates the ratio of each cell as {@link RatioEstimate} does.
 *
 * <p>A cluster is a group of keys that were read together, so that its keys may resemble each other more than keys of
 * different clusters. The error follows from how much the clusters differ, so it contains that effect. Used by one
 * thread.
 */
final class ClusterSums {

    /** The number of prefixes that are kept apart; the keys of further ones count as {@link #OTHER_PREFIXES}. */
    private static final int MAX_PREFIXES = 5_000;

    /** The name of the cells of prefixes that are not kept apart. No prefix is so short and has no separator. */
    static final String OTHER_PREFIXES = "\u0000others";

    private static final class Sums {
        double hits;
        double squares;
        double products;
    }

    private final Map<PictureCell, Sums> sums = new HashMap<>();
    private final Set<String> prefixes = new HashSet<>();
    private int clusters;
    private double size;
    private double squaredSize;

    /**
     * Adds one cluster.
     *
     * @param clusterSize its size, to which the ratios refer
     * @param hits the amount of each cell in it
     * @param scale by which the amounts are multiplied
     */
    void add(double clusterSize, Map<PictureCell, Double> hits, double scale) {
        clusters++;
        size += clusterSize;
        squaredSize += clusterSize * clusterSize;
        Map<PictureCell, Double> kept = new HashMap<>();
        hits.forEach((cell, amount) -> kept.merge(keptCell(cell), amount * scale, Double::sum));
        kept.forEach((cell, amount) -> {
            Sums sum = sums.computeIfAbsent(cell, key -> new Sums());
            sum.hits += amount;
            sum.squares += amount * amount;
            sum.products += amount * clusterSize;
        });
    }

    private PictureCell keptCell(PictureCell cell) {
        if (!cell.kind().prefix() || prefixes.contains(cell.name())) {
            return cell;
        }
        if (prefixes.size() < MAX_PREFIXES) {
            prefixes.add(cell.name());
            return cell;
        }
        return new PictureCell(cell.kind(), OTHER_PREFIXES);
    }

    /**
     * Returns the ratio of each cell to the size of the clusters, with its error.
     *
     * @param covered which part of all keys the sample covers, 0 to 1; this part contributes no error
     */
    Map<PictureCell, Amount> ratios(double covered) {
        Map<PictureCell, Amount> ratios = new HashMap<>();
        sums.forEach((cell, sum) -> ratios.put(cell, ratio(sum, covered)));
        return ratios;
    }

    private Amount ratio(@Nullable Sums sum, double covered) {
        if (sum == null || size <= 0) {
            return Amount.NONE;
        }
        double ratio = sum.hits / size;
        if (clusters < 2) {
            return new Amount(ratio, covered >= 1 ? 0 : Double.POSITIVE_INFINITY);
        }
        double residuals = sum.squares - 2 * ratio * sum.products + ratio * ratio * squaredSize;
        double variance =
                (1 - Math.min(1, covered)) * clusters / (clusters - 1) * Math.max(0, residuals) / (size * size);
        return new Amount(ratio, RatioEstimate.studentQuantile(clusters - 1) * Math.sqrt(variance));
    }
}
