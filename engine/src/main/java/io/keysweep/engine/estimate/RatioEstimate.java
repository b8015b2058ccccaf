package io.keysweep.engine.estimate;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Estimates a ratio, such as dead keys to all keys, from a sample of groups of keys that differ in size.
 *
 * <p>{@link TableSample} uses it. The method is the ratio estimator of cluster sampling. A cluster here is a group of
 * neighbouring keys, not a Redis cluster. The error is computed from how much the clusters differ, whatever makes them
 * differ. Example: clusters of 100 and 300 keys with 10 and 50 dead keys give the ratio 60 / 400 = 0.15.
 *
 * <p>With n clusters of sizes s<sub>i</sub> and hits h<sub>i</sub>, the ratio is r = Σh / Σs. Its variance is (1 −
 * covered) · n / (n − 1) · Σ(h<sub>i</sub> − r·s<sub>i</sub>)² / (Σs)². The 95 % interval is r ± t · standard error,
 * with Student's t for n − 1 degrees of freedom.
 *
 * @param ratio the number of hits per unit of size
 * @param standardError the standard error of the ratio; infinite for fewer than two clusters
 * @param degreesOfFreedom the number of clusters minus 1; 0 if the error is infinite
 */
record RatioEstimate(double ratio, double standardError, int degreesOfFreedom) {

    /**
     * Estimates the ratio from a sample.
     *
     * @param clusters the clusters of the sample
     * @param covered the part of all keys that the sample covers, from 0 to 1; this part is known and contributes no
     *     error
     */
    static RatioEstimate of(List<SampleCluster> clusters, double covered) {
        double size = clusters.stream().mapToDouble(SampleCluster::size).sum();
        double hits = clusters.stream().mapToDouble(SampleCluster::hits).sum();
        double ratio = size == 0 ? 0 : hits / size;
        int n = clusters.size();
        // The error follows from the differences between clusters, so one cluster does not show it.
        if (n < 2 || size == 0) {
            return new RatioEstimate(ratio, Double.POSITIVE_INFINITY, 0);
        }
        double squares = clusters.stream()
                .mapToDouble(cluster -> cluster.hits() - ratio * cluster.size())
                .map(residual -> residual * residual)
                .sum();
        double variance = (1 - Math.min(1, covered)) * n / (n - 1) * squares / (size * size);
        return new RatioEstimate(ratio, Math.sqrt(variance), n - 1);
    }

    /** Returns half the width of the 95 % interval of the ratio; infinite for fewer than two clusters. */
    double halfWidth() {
        return standardError * studentQuantile(degreesOfFreedom);
    }

    /**
     * Returns the 97.5 % quantile of Student's t distribution, which bounds a two-sided 95 % interval.
     *
     * @param degreesOfFreedom the number of clusters minus 1; a number below 1 is treated as 1
     */
    static double studentQuantile(int degreesOfFreedom) {
        return TDistribution.of(Math.max(1, degreesOfFreedom)).inverseSurvivalProbability(0.025);
    }
}
