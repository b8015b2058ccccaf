package io.keysweep.engine.pacing;

/**
 * State of the control loop between two steps.
 *
 * @param count the COUNT of the next step
 * @param overruns how many of the last steps in a row went over the stall budget
 * @param owedNanos rest that is owed but was too short to be taken, ns
 */
public record Pace(int count, int overruns, long owedNanos) {}
