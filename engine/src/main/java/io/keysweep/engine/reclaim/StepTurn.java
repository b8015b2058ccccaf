package io.keysweep.engine.reclaim;

/**
 * A turn is the interval, by the server's clock, in which the server may start one step (a SCAN with its counts).
 *
 * <p>Over a long distance several steps are on their way at a time. Turns keep them apart on the server: a step that
 * arrives before or after its turn does nothing, see {@link StepOutcome.Refusal#TURN_MISSED}.
 *
 * @param notBeforeMicros the earliest start, µs since 1970
 * @param notAfterMicros the latest start, µs since 1970
 */
public record StepTurn(long notBeforeMicros, long notAfterMicros) {

    /** A turn without limits, for steps that may start at any time. */
    public static final StepTurn ANY_TIME = new StepTurn(0, 0);

    /** A turn that never ends, for steps that may start at any time and report when they started. */
    public static final StepTurn ANY_TIME_REPORTED = new StepTurn(0, 1L << 53);
}
