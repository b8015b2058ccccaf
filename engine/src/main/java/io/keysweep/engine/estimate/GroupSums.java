package io.keysweep.engine.estimate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Estimates many ratios from one sample, one for each {@link PictureCell}, for example the share of keys that are
 * lists.
 *
 * <p>{@link KeySample} adds groups of keys that were read together. The formula is the same as in {@link
 * RatioEstimate}, where statistics calls such a group a cluster. Keys of one group may resemble each other more than
 * keys of different groups. The error follows from the differences between the groups, so it includes that effect. Only
 * sums are kept and not the groups, so the memory does not grow with the sample. Not thread-safe.
 */
final class GroupSums {

    /**
     * The number of prefixes that are counted separately; the keys of all further prefixes are treated as {@link
     * #OTHER_PREFIXES}.
     */
    static final int MAX_PREFIXES = 5_000;

    /**
     * The name of the cells for all prefixes that are not counted separately. It begins with a zero character, so that
     * it differs from prefixes of real names.
     */
    static final String OTHER_PREFIXES = "\u0000others";

    /** Holds the sums of one cell over all groups. */
    private static final class Sums {
        double amounts;
        double squaredAmounts;
        /** The sum of the products of each group's amount and size. */
        double amountsTimesSizes;
    }

    private final Map<PictureCell, Sums> sumsByCell = new HashMap<>();
    /** The prefixes that are counted separately. */
    private final Set<String> prefixes = new HashSet<>();

    private int groups;
    private double sizes;
    private double squaredSizes;

    /**
     * Adds one group.
     *
     * @param groupSize the size of the group, in the unit that the caller chooses, for example its number of keys;
     *     the ratios are amounts per unit of size
     * @param amounts how many keys or bytes of the group belong to each cell
     * @param scale the factor by which the amounts are multiplied
     */
    void add(double groupSize, Map<PictureCell, Double> amounts, double scale) {
        groups++;
        sizes += groupSize;
        squaredSizes += groupSize * groupSize;
        // Several prefixes of one group may belong to the cell of the other prefixes.
        Map<PictureCell, Double> amountByCell = new HashMap<>();
        amounts.forEach((cell, amount) -> amountByCell.merge(keptCell(cell), amount * scale, Double::sum));
        amountByCell.forEach((cell, amount) -> {
            Sums sums = sumsByCell.computeIfAbsent(cell, key -> new Sums());
            sums.amounts += amount;
            sums.squaredAmounts += amount * amount;
            sums.amountsTimesSizes += amount * groupSize;
        });
    }

    /** Returns the cell itself, or the cell of the other prefixes once {@link #MAX_PREFIXES} are counted separately. */
    private PictureCell keptCell(PictureCell cell) {
        if (!cell.kind().isNamedByPrefix() || prefixes.contains(cell.name())) {
            return cell;
        }
        if (prefixes.size() < MAX_PREFIXES) {
            prefixes.add(cell.name());
            return cell;
        }
        return new PictureCell(cell.kind(), OTHER_PREFIXES);
    }

    /**
     * Returns the ratio of each cell, which is its amount per unit of group size, with the error of the ratio.
     *
     * @param covered the part of all keys that the sample covers, 0 to 1; this part is known and contributes no error
     */
    Map<PictureCell, Amount> ratios(double covered) {
        Map<PictureCell, Amount> ratios = new HashMap<>();
        sumsByCell.forEach((cell, sums) -> ratios.put(cell, ratio(sums, covered)));
        return ratios;
    }

    private Amount ratio(Sums sums, double covered) {
        if (sizes <= 0) {
            return Amount.NONE;
        }
        double ratio = sums.amounts / sizes;
        // The error follows from the differences between groups, so one group does not show it.
        if (groups < 2) {
            return new Amount(ratio, covered >= 1 ? 0 : Double.POSITIVE_INFINITY);
        }
        // The sum of (amount - ratio * size)² over all groups, expanded so that it can be calculated from the sums.
        double squaredResiduals =
                sums.squaredAmounts - 2 * ratio * sums.amountsTimesSizes + ratio * ratio * squaredSizes;
        double variance =
                (1 - Math.min(1, covered)) * groups / (groups - 1) * Math.max(0, squaredResiduals) / (sizes * sizes);
        return new Amount(ratio, RatioEstimate.studentQuantile(groups - 1) * Math.sqrt(variance));
    }
}
