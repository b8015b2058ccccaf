package io.keysweep.engine.sweep;

/**
 * Keeps a run from repeating steps (calls that visit keys) that broke the connection. First avoids key names, and then
 * limits COUNT.
 *
 * <p>A server closes the connection of a client whose reply exceeds its output buffer ({@code
 * client-output-buffer-limit}), for example since key names are long. The same step would also break the next
 * connection. The restraint lasts until the end of the run. Used by the sweep's thread only.
 */
final class StepRestraint {

    private boolean namesAvoided;
    private int maxCount = Integer.MAX_VALUE;

    /** Avoids methods that send key names if another method is allowed. Returns false if they were avoided before. */
    boolean avoidNames() {
        boolean isChanged = !namesAvoided;
        namesAvoided = true;
        return isChanged;
    }

    /**
     * Limits the COUNT of steps to half of a COUNT that failed, but at least 1. A limit never rises.
     *
     * @return false if the limit was 1 already
     */
    boolean halve(int failedCount) {
        int half = Math.max(1, Math.min(failedCount, maxCount) / 2);
        boolean isChanged = half < maxCount;
        maxCount = half;
        return isChanged;
    }

    /** Returns whether methods that send key names are avoided. */
    boolean namesAvoided() {
        return namesAvoided;
    }

    /** Returns the largest COUNT of a step; {@link Integer#MAX_VALUE} if steps are not shortened. */
    int maxCount() {
        return maxCount;
    }

    /** Returns whether COUNT is limited; only one step may then be in flight. */
    boolean stepsShortened() {
        return maxCount < Integer.MAX_VALUE;
    }
}
