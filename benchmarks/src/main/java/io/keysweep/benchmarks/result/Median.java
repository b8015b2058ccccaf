package io.keysweep.benchmarks.result;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Calculates medians of measured figures.
 *
 * <p>Benchmarks report the median of several rounds, because one disturbed round changes a mean but hardly a median.
 */
public final class Median {

    private Median() {}

    /**
     * Returns the median of the values, of which there must be at least one. For an even number of values, it is the
     * mean of the two in the middle.
     */
    public static double of(double... values) {
        double[] sortedValues = values.clone();
        Arrays.sort(sortedValues);
        int middle = sortedValues.length / 2;
        return sortedValues.length % 2 == 1
                ? sortedValues[middle]
                : (sortedValues[middle - 1] + sortedValues[middle]) / 2;
    }

    /** Returns the median of one figure of each measurement; there must be at least one measurement. */
    public static <T> double of(List<T> measurements, ToDoubleFunction<? super T> figure) {
        return of(measurements.stream().mapToDouble(figure).toArray());
    }
}
