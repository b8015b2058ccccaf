package io.keysweep.server.budget;

import java.util.Arrays;

/**
 * Divides an amount by max-min fairness: a participant gets an even part, or its demand if that is smaller.
 *
 * <p>The amount that small demands leave unused is divided evenly among the other participants. Example: 10 divided
 * among the demands 2, 8 and 8 gives 2, 4 and 4. This class has no side effects.
 */
final class FairShares {

    private FairShares() {}

    /**
     * Returns the part of each participant, in the order of {@code demands}. If the demands together are smaller than
     * the amount, the rest remains undivided.
     *
     * @param amount amount to divide, above 0
     * @param demands maximum that each participant can use, from 0; infinite for a participant without a maximum
     */
    static double[] divide(double amount, double[] demands) {
        double[] parts = new double[demands.length];
        Integer[] participantsByDemand = new Integer[demands.length];
        Arrays.setAll(participantsByDemand, i -> i);
        Arrays.sort(participantsByDemand, (a, b) -> Double.compare(demands[a], demands[b]));
        // Small demands come first, so the rest that they do not use is divided among the larger ones.
        double undividedAmount = amount;
        for (int i = 0; i < participantsByDemand.length; i++) {
            int participant = participantsByDemand[i];
            int participantsLeft = participantsByDemand.length - i;
            parts[participant] = Math.min(demands[participant], undividedAmount / participantsLeft);
            undividedAmount -= parts[participant];
        }
        return parts;
    }
}
