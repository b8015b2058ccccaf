package io.keysweep.engine.estimate;

import java.util.List;

/**
 * Hits a unit of size in a whole, from a sample of clusters that differ in size. The spread between the clusters tells
 * the error, whatever the reason for it.
 *
 * @param ratio hits a unit of size
 * @param standardError of the ratio; infinite where fewer than two clusters give it away
 * @param degreesOfFreedom clusters less one
 */
record RatioEstimate(double ratio, double standardError, int degreesOfFreedom) {

    /**
     * From a sample.
     *
     * @param covered the sample's share of the whole, 0 to 1: what has been seen cannot err
     */
    static RatioEstimate of(List<SampleCluster> clusters, double covered) {
        double size = clusters.stream().mapToDouble(SampleCluster::size).sum();
        double hits = clusters.stream().mapToDouble(SampleCluster::hits).sum();
        double ratio = size == 0 ? 0 : hits / size;
        int n = clusters.size();
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

    /** Half the width of the 95 % interval of the ratio. */
    double halfWidth() {
        return standardError * quantile(degreesOfFreedom);
    }

    /** The 97.5 % quantile of Student's t, within 1 % from five degrees of freedom on. */
    static double quantile(int degreesOfFreedom) {
        return 1.96 + 2.4 / Math.max(1, degreesOfFreedom) + 2.8 / Math.pow(Math.max(1, degreesOfFreedom), 2);
    }
}
