package io.keysweep.engine.pacing;

/**
 * A pace is the state that {@link Pacer} carries from one step to the next.
 *
 * @param count the COUNT of the next step
 * @param overruns how many of the latest steps in a row exceeded the stall budget
 * @param owedDelayNanos delay, in ns, that was due after earlier steps but too short to sleep for; it is added to the
 *     delay after the next step
 */
public record Pace(int count, int overruns, long owedDelayNanos) {}
