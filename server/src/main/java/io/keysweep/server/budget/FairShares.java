package io.keysweep.server.budget;

import java.util.Arrays;

/**
 * Divides an amount by max-min fairness. Every participant gets an even part, or less if it wants less; the remainder
 * is divided evenly among the others. Without side effects.
 */
final class FairShares {

    private FairShares() {}

    /**
     * Returns the part of each participant, in the order of {@code wanted}.
     *
     * @param amount the amount to divide, above 0
     * @param wanted the most that each participant can use; infinite for no limit
     */
    static double[] divide(double amount, double[] wanted) {
        double[] parts = new double[wanted.length];
        Integer[] byWant = new Integer[wanted.length];
        Arrays.setAll(byWant, i -> i);
        Arrays.sort(byWant, (a, b) -> Double.compare(wanted[a], wanted[b]));
        double remaining = amount;
        for (int i = 0; i < byWant.length; i++) {
            int next = byWant[i];
            parts[next] = Math.min(wanted[next], remaining / (byWant.length - i));
            remaining -= parts[next];
        }
        return parts;
    }
}
