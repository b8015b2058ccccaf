package io.keysweep.engine.plan;

/**
 * Describes the steps that may follow a checkpoint, for a later run that must find out what they have reclaimed.
 *
 * <p>A run stores it before it sends the first of these steps, so it is known even if the process is killed.
 *
 * @param atMost the most keys that the steps can visit, and so reclaim, at the pace that applies to them
 * @param likely the number of keys that they have probably reclaimed: as many as the steps between the two checkpoints
 *     before
 * @param notAfterMicros the time by the server's clock, µs since 1970, after which the server refuses to start these
 *     steps; 0 if they do not check it
 * @param clientId the server's id of the connection that sends the steps, with which another run can close the
 *     connection; 0 if it is unknown or not needed
 * @param traces what INFO shows of expiry by others, see {@code ServerStatus}; empty if unknown
 */
public record UncountedSteps(long atMost, long likely, long notAfterMicros, long clientId, String traces) {}
