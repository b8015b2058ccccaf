package io.keysweep.server.budget;

import java.util.Arrays;

/**
 * Divides an amount by max-min fairness. Every participant gets an even part, or less if its demand is smaller; the
 * remainder is divided evenly among the others. Without side effects.
 */
final class FairShares {

    private FairShares() {}

    /**
     * Returns the part of each participant, in the order of {@code demands}.
     *
     * @param amount the amount to divide, above 0
     * @param demands the most that each participant can use; infinite for no limit
     */
    static double[] divide(double amount, double[] demands) {
        double[] parts = new double[demands.length];
        Integer[] byDemand = new Integer[demands.length];
        Arrays.setAll(byDemand, i -> i);
        Arrays.sort(byDemand, (a, b) -> Double.compare(demands[a], demands[b]));
        double remaining = amount;
        for (int i = 0; i < byDemand.length; i++) {
            int next = byDemand[i];
            parts[next] = Math.min(demands[next], remaining / (byDemand.length - i));
            remaining -= parts[next];
        }
        return parts;
    }
}
