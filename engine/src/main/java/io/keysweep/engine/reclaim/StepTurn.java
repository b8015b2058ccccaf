package io.keysweep.engine.reclaim;

/**
 * A turn is the interval, by the server's clock, in which the server may start one step.
 *
 * <p>If a server is distant, several steps are on their way to it at the same time. Turns keep them apart on the
 * server: a step that arrives before or after its turn does nothing, see {@link StepOutcome.Refusal#TURN_MISSED}.
 *
 * @param notBeforeMicros the earliest start, µs since 1970
 * @param notAfterMicros the latest start, µs since 1970; 0 for no turn: the step may start at any time, and its reply
 *     does not say when it started
 */
public record StepTurn(long notBeforeMicros, long notAfterMicros) {

    /** No turn, for steps that may start at any time. */
    public static final StepTurn ANY_TIME = new StepTurn(0, 0);

    /**
     * A turn that never ends, for steps that may start at any time and report when they started. A Lua number, as which
     * the script reads the end, represents integers exactly up to 2^53.
     */
    public static final StepTurn ANY_TIME_REPORTED = new StepTurn(0, 1L << 53);
}
