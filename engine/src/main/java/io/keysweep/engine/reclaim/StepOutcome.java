package io.keysweep.engine.reclaim;

/**
 * What one step has done.
 *
 * @param cursor where the next one goes on, unsigned; 0 at the end
 * @param visited keys visited, live and reclaimed; where names are kept off the wire, the COUNT that was asked for
 * @param reclaimed expired keys reclaimed: the fall of DBSIZE over the step
 */
public record StepOutcome(long cursor, long visited, long reclaimed) {}
