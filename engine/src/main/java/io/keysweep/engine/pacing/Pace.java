package io.keysweep.engine.pacing;

/**
 * A pace is the state that {@link Pacer} carries from one step to the next. A step is one call of a sweep that visits
 * some keys.
 *
 * @param count the COUNT of the next step: about how many keys SCAN visits in it
 * @param overruns how many of the latest steps in a row kept the server busy for longer than the stall budget allows
 * @param owedDelayNanos delay, in ns, that was due after earlier steps but too short to sleep for; it is added to the
 *     delay after the next step
 */
public record Pace(int count, int overruns, long owedDelayNanos) {

    /** Returns a pace at which no step has overrun the budget and no delay is owed. */
    static Pace withCount(int count) {
        return new Pace(count, /* overruns= */ 0, /* owedDelayNanos= */ 0);
    }
}
