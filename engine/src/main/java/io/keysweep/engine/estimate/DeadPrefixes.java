package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.KeyCount;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Estimates how many dead keys have each prefix, from the names of dead keys that a primary has published.
 *
 * <p>A primary publishes the name of a dead key when it removes the key, see {@link ExpiredNames}. Keys are removed for
 * two reasons:
 *
 * <ul>
 * <li>Steps of a scan of the primary remove dead keys. These keys are a random sample, so {@link KeySample} has
 * estimated their numbers in the whole database, as for every other class of keys.
 * <li>The server's own expiry and clients remove dead keys meanwhile. Their prefixes have about the same shares as those
 * of all dead keys. A prefix whose dead keys are often read has a larger share, because reading removes them.
 * </ul>
 *
 * <p>The estimate of a prefix is the number by the steps, plus its share of the <i>rest</i>. The rest is the number of
 * all dead keys minus the sum that the steps show:
 *
 * <ul>
 * <li>While a replica is scanned, steps remove nothing. The rest is all dead keys.
 * <li>While a primary is scanned, the rest is about 0. It is negative if others have removed keys during the steps:
 * their names were counted with those of the steps, and the formula subtracts them again.
 * </ul>
 *
 * @param cells the estimated amounts of the cells
 * @param dead the number of dead keys of the server
 * @param removedByOthers the number of names by prefix that arrived outside of steps
 * @param scansPrimary whether the primary was scanned; false for a replica
 */
record DeadPrefixes(KeyCells cells, KeyCount dead, Map<String, Long> removedByOthers, boolean scansPrimary) {

    /** The number of standard deviations between the middle and the end of a 95 % interval. */
    private static final double DEVIATIONS = 1.96;

    /** Returns the prefixes of all names that were published. */
    Set<String> prefixes() {
        Set<String> prefixes = new LinkedHashSet<>(removedByOthers.keySet());
        cells.cells().keySet().stream()
                .filter(cell -> cell.kind() == PictureCell.Kind.PREFIX_DEAD)
                .forEach(cell -> prefixes.add(cell.name()));
        return prefixes;
    }

    /** Returns the number of dead keys with a prefix. */
    KeyCount count(String prefix) {
        return amount(prefix).roundToKeys(dead.highest());
    }

    private Amount amount(String prefix) {
        Amount bySteps =
                scansPrimary ? cells.amount(new PictureCell(PictureCell.Kind.PREFIX_DEAD, prefix)) : Amount.NONE;
        double names =
                removedByOthers.values().stream().mapToLong(Long::longValue).sum();
        double rest = dead.keys() - sumOfSteps();
        // A difference of less than one key results from rounding.
        if (names == 0 || Math.abs(rest) < 1) {
            return bySteps;
        }
        double share = removedByOthers.getOrDefault(prefix, 0L) / names;
        double shareError =
                Math.max(DEVIATIONS * Math.sqrt(share * (1 - share) / names), KeySample.RULE_OF_THREE / names);
        // On a primary, the number of dead keys and the sum by the steps have the same error, so the rest has none.
        double restError = scansPrimary ? 0 : (dead.highest() - dead.lowest()) / 2.0;
        return new Amount(
                bySteps.value() + rest * share,
                Math.hypot(bySteps.halfWidth(), Math.hypot(rest * shareError, share * restError)));
    }

    /** Returns the number of dead keys of all prefixes by the steps. */
    private double sumOfSteps() {
        return cells.cells().entrySet().stream()
                .filter(entry -> entry.getKey().kind() == PictureCell.Kind.PREFIX_DEAD)
                .mapToDouble(entry -> entry.getValue().value())
                .sum();
    }
}
