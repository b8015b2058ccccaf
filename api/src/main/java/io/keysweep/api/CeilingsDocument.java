package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the ceilings of a project or an instance: limits for the pace of its scans, and two rules.
 *
 * <p>This is the body of {@code PUT /api/v1/projects/{id}/ceilings} and {@code PUT /api/v1/instances/{id}/ceilings},
 * which replace all ceilings. Ceilings can be set for an instance, for its project and for its tags, and the tightest
 * one applies to a scan. A field that is left out sets no ceiling. The two rules are {@code namesStay}, which keeps key
 * names on the server, and {@code assist}, which allows or forbids assist.
 *
 * <p>The ceiling {@code maxProfile} limits three values: the stall budget (the longest time for which one step may keep
 * the server busy), the share, and the load of the server at which a scan slows down or holds. A scan that holds sends
 * no steps for a while.
 *
 * @param maxProfile highest profile: {@code gentle}, {@code balanced} or {@code full}. A scan must not exceed the stall
 *     budget, the share and the load limits of this profile
 * @param maxShare largest share of the time of the server's main thread, 0.001 to 1
 * @param maxRate maximum number of keys that each sweep visits per second, at least 1
 * @param namesStay true if key names must not be sent to the service; default false
 * @param maxLatencyMs latency of the server in milliseconds above which a scan holds, 1 to 60000
 * @param maxReplicaLagBytes bytes by which a replica may be behind before a scan holds, at least 1
 * @param maxEvictions keys that the server may evict per second before a scan holds, at least 1
 * @param assist whether scans may raise settings of servers for a while (assist). False: no scan assists. True: scans
 *     assist, except on instances whose setting {@code assist} is false. Left out: scans assist only on instances whose
 *     setting {@code assist} is true
 * @param tags ceilings of the instances that have a tag, at most 100; allowed for a project only
 */
public record CeilingsDocument(
        @Nullable String maxProfile,
        @Nullable Double maxShare,
        @Nullable Long maxRate,
        @Nullable Boolean namesStay,
        @Nullable Double maxLatencyMs,
        @Nullable Long maxReplicaLagBytes,
        @Nullable Long maxEvictions,
        @Nullable Boolean assist,
        @Nullable List<TagCeilings> tags) {

    /**
     * Describes the ceilings of all instances of a project that have a tag. The fields without a description here have
     * the same meaning as in {@link CeilingsDocument}.
     *
     * @param key key of the tag, such as {@code env}
     * @param value value of the tag, such as {@code prod}; null for every value
     * @param needsApproval whether a scan above a ceiling is not refused but waits for the approval of a second access
     *     key; default false
     */
    public record TagCeilings(
            String key,
            @Nullable String value,
            @Nullable String maxProfile,
            @Nullable Double maxShare,
            @Nullable Long maxRate,
            @Nullable Boolean namesStay,
            @Nullable Double maxLatencyMs,
            @Nullable Long maxReplicaLagBytes,
            @Nullable Long maxEvictions,
            @Nullable Boolean assist,
            @Nullable Boolean needsApproval) {}
}
