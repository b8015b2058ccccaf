package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Describes a start policy: which scheduled starts are skipped, and what starts automatic scans beside the schedule.
 *
 * <p>The request body of {@code PUT …/start-policy}, which replaces the whole policy. A field that is left out sets no
 * condition.
 *
 * @param deadPercent minimum percentage of dead keys among the keys with a TTL, above 0 up to 100. If both this and
 *     {@code deadMegabytes} are set, reaching one of them is enough for a start
 * @param deadMegabytes minimum memory of the dead keys in MB (2^20 bytes)
 * @param samplePrimary whether the service may sample the primary if no replica can be read, which reclaims the dead
 *     keys in the sample; default false
 * @param memoryPercent percentage of the memory limit at which a scan starts, 1 to 100
 * @param evictions whether a scan starts when the server evicts keys; default false
 * @param quietMinutes minimum time in minutes between the end of a scan and a start because of memory, 1 to 43200;
 *     default 60
 * @param backlogTarget maximum number of dead keys that the instance should have, from 1. Automatic scans follow one
 *     another as passes, beside the schedule, with the lowest share that keeps the backlog below the target
 */
public record StartPolicyDocument(
        @Nullable Double deadPercent,
        @Nullable Double deadMegabytes,
        @Nullable Boolean samplePrimary,
        @Nullable Integer memoryPercent,
        @Nullable Boolean evictions,
        @Nullable Integer quietMinutes,
        @Nullable Long backlogTarget) {}
