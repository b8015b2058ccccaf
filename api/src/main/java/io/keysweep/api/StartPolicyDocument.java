package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Describes when a due start of an automatic scan is skipped, and which events other than the schedule start a scan.
 *
 * <p>A dead key is an expired key that still holds memory. A start by the schedule or by low memory is skipped if
 * {@code deadPercent} or {@code deadMegabytes} is set and none of these minimums is reached.
 *
 * <p>This is the body of {@code PUT /api/v1/instances/{id}/start-policy}, and of {@code PUT
 * /api/v1/projects/{id}/start-policy} for the default of all instances of a project. It replaces the whole policy. A
 * field that is left out sets no condition, or has the default that is given below.
 *
 * @param deadPercent minimum percentage of dead keys among the keys with a TTL, above 0 up to 100
 * @param deadMegabytes minimum memory that the dead keys hold, in MiB
 * @param samplePrimary whether the service samples the primary if it can read no replica. True: it samples the primary,
 *     which removes the dead keys in the sample. False (the default): the scan starts without an estimate
 * @param memoryPercent used memory, as a percentage of the server's memory limit, from which a scan starts; 1 to 100
 * @param evictions whether a scan starts after the server has evicted keys, that is, removed live keys for lack of
 *     memory; default false
 * @param quietMinutes time in minutes after a scan, or after the last decision because of memory, during which {@code
 *     memoryPercent} and {@code evictions} start no scan; 1 to 43200, default 60
 * @param backlogTarget maximum number of dead keys that the instance should have, at least 1. To stay below this
 *     number, automatic scans follow one another, apart from the schedule. Each scan uses as little of the server's
 *     main-thread time as keeps the instance below this number
 */
public record StartPolicyDocument(
        @Nullable Double deadPercent,
        @Nullable Double deadMegabytes,
        @Nullable Boolean samplePrimary,
        @Nullable Integer memoryPercent,
        @Nullable Boolean evictions,
        @Nullable Integer quietMinutes,
        @Nullable Long backlogTarget) {}
