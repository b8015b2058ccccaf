package io.keysweep.server.budget;

import java.util.Arrays;

/**
 * Divides what is scarce: everybody gets an even part, or all that he wants where that is less, and what he leaves is
 * divided among the others (max-min fairness). Pure.
 */
final class FairShares {

    private FairShares() {}

    /**
     * The parts of a whole.
     *
     * @param whole what there is, above 0
     * @param wanted the most that each could use; infinite where there is no limit
     */
    static double[] of(double whole, double[] wanted) {
        double[] parts = new double[wanted.length];
        Integer[] byWant = new Integer[wanted.length];
        Arrays.setAll(byWant, i -> i);
        Arrays.sort(byWant, (a, b) -> Double.compare(wanted[a], wanted[b]));
        double left = whole;
        for (int i = 0; i < byWant.length; i++) {
            int next = byWant[i];
            parts[next] = Math.min(wanted[next], left / (byWant.length - i));
            left -= parts[next];
        }
        return parts;
    }
}
