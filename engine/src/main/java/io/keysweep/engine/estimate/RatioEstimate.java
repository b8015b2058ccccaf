package io.keysweep.engine.estimate;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Estimates a ratio, such as dead keys to all keys, from a sample of groups of keys that differ in size.
 *
 * <p>{@link TableSample} uses it. The method is the ratio estimator of cluster sampling, where a cluster is a group of
 * neighbouring keys. The error is computed from how much the groups differ, whatever makes them differ. Example: groups
 * of 100 and 300 keys with 10 and 50 dead keys give the ratio 60 / 400 = 0.15.
 *
 * <p>With n groups of sizes s<sub>i</sub> and hits h<sub>i</sub>, the ratio is r = Σh / Σs. Its variance is (1 −
 * covered) · n / (n − 1) · Σ(h<sub>i</sub> − r·s<sub>i</sub>)² / (Σs)². The 95 % interval is r ± t · standard error,
 * with Student's t for n − 1 degrees of freedom.
 *
 * @param ratio the number of hits per unit of size
 * @param standardError the standard error of the ratio; infinite for fewer than two groups
 * @param degreesOfFreedom the number of groups minus 1; 0 if the error is infinite
 */
record RatioEstimate(double ratio, double standardError, int degreesOfFreedom) {

    /**
     * Estimates the ratio from a sample.
     *
     * @param groups the groups of the sample
     * @param covered the part of all keys that the sample covers, from 0 to 1; this part is known and contributes no
     *     error
     */
    static RatioEstimate of(List<SampleGroup> groups, double covered) {
        double size = groups.stream().mapToDouble(SampleGroup::size).sum();
        double hits = groups.stream().mapToDouble(SampleGroup::hits).sum();
        double ratio = size == 0 ? 0 : hits / size;
        int n = groups.size();
        // The error follows from the differences between groups, so one group does not show it.
        if (n < 2 || size == 0) {
            return new RatioEstimate(ratio, Double.POSITIVE_INFINITY, 0);
        }
        double squares = groups.stream()
                .mapToDouble(group -> group.hits() - ratio * group.size())
                .map(residual -> residual * residual)
                .sum();
        double variance = (1 - Math.min(1, covered)) * n / (n - 1) * squares / (size * size);
        return new RatioEstimate(ratio, Math.sqrt(variance), n - 1);
    }

    /** Returns half the width of the 95 % interval of the ratio; infinite for fewer than two groups. */
    double halfWidth() {
        return standardError * studentQuantile(degreesOfFreedom);
    }

    /**
     * Returns the 97.5 % quantile of Student's t distribution, which bounds a two-sided 95 % interval.
     *
     * @param degreesOfFreedom the number of groups minus 1; a number below 1 is treated as 1
     */
    static double studentQuantile(int degreesOfFreedom) {
        return TDistribution.of(Math.max(1, degreesOfFreedom)).inverseSurvivalProbability(0.025);
    }
}
