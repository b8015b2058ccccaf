package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * When an automatic scan is worth its while, and what starts one beside the schedule; body of {@code PUT
 * …/start-policy}, which replaces the whole. What is left out does not count.
 *
 * @param deadPercent a start is skipped where fewer of the keys with a TTL are dead, above 0 to 100
 * @param deadMegabytes … and where the dead keys hold fewer MB (2^20 bytes); reaching either is enough
 * @param samplePrimary whether the primary may be sampled to find that out where no replica can be read, which reclaims
 *     the dead keys that the sample meets; default false
 * @param memoryPercent a scan starts once used memory reaches so much of the memory limit, 1 to 100
 * @param evictions whether a scan starts once the server evicts keys; default false
 * @param quietMinutes how long no scan starts by memory after the end of the one before, 1 to 43200; default 60
 * @param backlogTarget most dead keys that there should be, from 1; passes of an automatic scan follow one another, beside
 *     the schedule, at the lowest share of the server's time that holds the backlog below
 */
public record StartPolicyDocument(
        @Nullable Double deadPercent,
        @Nullable Double deadMegabytes,
        @Nullable Boolean samplePrimary,
        @Nullable Integer memoryPercent,
        @Nullable Boolean evictions,
        @Nullable Integer quietMinutes,
        @Nullable Long backlogTarget) {}
