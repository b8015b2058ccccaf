package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Describes when a due start is skipped because too few keys are dead, and what starts automatic scans apart from the
 * schedule.
 *
 * <p>A dead key is an expired key that still holds memory. This is the body of {@code PUT …/start-policy}, for an
 * instance or as the default of a project. It replaces the whole policy. A field that is left out sets no condition, or
 * has the default that is given below.
 *
 * @param deadPercent minimum percentage of dead keys among the keys with a TTL, above 0 up to 100; with fewer, a start
 *     by the schedule or by low memory is skipped. If {@code deadMegabytes} is set too, reaching one of the two is
 *     enough
 * @param deadMegabytes minimum memory that the dead keys hold, in MB (2^20 bytes); with less, such a start is skipped,
 *     unless {@code deadPercent} is reached
 * @param samplePrimary whether the service may count the dead keys in a sample of the primary if it can read no
 *     replica. This removes the dead keys in the sample. Default false: the scan then starts without an estimate
 * @param memoryPercent used memory, as a percentage of the server's memory limit, from which a scan starts; 1 to 100
 * @param evictions whether a scan starts after the server has evicted keys; default false
 * @param quietMinutes minutes after a scan, or after the last decision because of memory, in which {@code
 *     memoryPercent} and {@code evictions} start no scan; 1 to 43200, default 60
 * @param backlogTarget maximum number of dead keys that the instance should have, at least 1. To keep below it,
 *     automatic scans follow one another, apart from the schedule. They take the smallest share of the server's time
 *     that is enough
 */
public record StartPolicyDocument(
        @Nullable Double deadPercent,
        @Nullable Double deadMegabytes,
        @Nullable Boolean samplePrimary,
        @Nullable Integer memoryPercent,
        @Nullable Boolean evictions,
        @Nullable Integer quietMinutes,
        @Nullable Long backlogTarget) {}
