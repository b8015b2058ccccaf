package io.keysweep.engine.plan;

/**
 * Describes the steps that may follow a checkpoint, for a later run that must find out how many keys they reclaimed.
 *
 * <p>A run stores the description with the checkpoint, before it sends the first of these steps. So the description is
 * known even if the process is killed while the server runs the steps.
 *
 * @param atMost the largest number of keys that the steps can visit, and so reclaim, at the pace that applies to them
 * @param likely the number of keys that the steps have probably reclaimed, an estimate from the steps before this
 *     checkpoint
 * @param notAfterMicros the time by the server's clock, µs since 1970, after which the server refuses to start these
 *     steps; 0 if the steps do not check the clock
 * @param clientId the server's id of the connection that sends the steps, with which another run can close the
 *     connection; 0 if it is unknown or not needed
 * @param traces the counters in INFO that change when others expire keys, as a text, see {@code ServerStatus}. If a
 *     later reading results in an equal text, others have probably expired nothing in between; empty if unknown
 */
public record UncountedSteps(long atMost, long likely, long notAfterMicros, long clientId, String traces) {}
