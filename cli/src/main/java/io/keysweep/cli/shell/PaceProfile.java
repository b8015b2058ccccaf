package io.keysweep.cli.shell;

import io.keysweep.engine.pacing.PacePolicy;

/**
 * Lists the values of {@code --profile}, from the slowest pace to the fastest.
 *
 * <p>Each value stands for a stall budget (longest time of a step, a call that keeps the server busy), a share (part of
 * the server's main-thread time) and limits at which a sweep slows down.
 */
public enum PaceProfile {
    /** Steps of 0.5 ms, a quarter of the server's time. */
    GENTLE,
    /** Steps of 2 ms, half of the server's time. */
    BALANCED,
    /** Four steps that follow one another directly and take 4 ms together, all of the server's time. */
    FULL;

    /** Returns the pace and the limits that the profile stands for. */
    public PacePolicy policy() {
        return switch (this) {
            case GENTLE -> PacePolicy.GENTLE;
            case BALANCED -> PacePolicy.BALANCED;
            case FULL -> PacePolicy.FULL;
        };
    }
}
