package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the last estimate of an instance's backlog; {@code GET} and {@code POST /api/v1/instances/{id}/estimates}
 * return it.
 *
 * <p>The backlog is the number of dead keys: expired keys that still hold memory. A sweep removes them. A replica is a
 * server that copies a primary.
 *
 * @param instanceId id of the instance
 * @param by id of the access key that requested the estimate; {@code scheduled forecast} if the service has made it by
 *     itself
 * @param madeAt when the estimate was made
 * @param dead number of dead keys on all primaries together
 * @param deadBytes approximate memory of the dead keys in bytes; null if a server does not report it
 * @param exact whether {@code dead} is a count and not an estimate; true if {@code exact} is true for every primary
 * @param primaries one estimate for each primary of the instance
 * @param insight which keys the instance holds and when they die; null if it was not requested
 * @param advice what to do about the dead keys; null if no insight was requested
 */
public record EstimateView(
        String instanceId,
        String by,
        Instant madeAt,
        long dead,
        @Nullable Long deadBytes,
        boolean exact,
        List<Primary> primaries,
        @Nullable InsightView insight,
        @Nullable AdviceView advice) {

    /** Returns a copy without prefixes of key names, because the service does not store them. */
    public EstimateView withoutPrefixes() {
        return new EstimateView(
                instanceId,
                by,
                madeAt,
                dead,
                deadBytes,
                exact,
                primaries,
                insight == null ? null : insight.withoutPrefixes(),
                advice);
    }

    /**
     * Reports the estimated backlog of one primary.
     *
     * @param nodeId address of the primary, {@code host:port} or the path of a Unix socket
     * @param countedOn address of the server whose keys were read: the primary itself or one of its replicas
     * @param method {@code REPLICA_PASS} if every key of a replica was read; {@code REPLICA_SAMPLE} if a sample of the
     *     keys of a replica was read; {@code PRIMARY_SAMPLE} if a sample of the keys of the primary was read, which
     *     removes the dead keys in the sample
     * @param keys number of keys on the primary, including dead keys
     * @param volatileKeys number of keys with a time to live (TTL), including dead keys
     * @param dead number of dead keys: a count if {@code exact} is true, otherwise the most likely number
     * @param lowest lower end of the 95 % interval of {@code dead}; equal to {@code dead} for a count
     * @param highest upper end of the 95 % interval of {@code dead}; equal to {@code dead} for a count
     * @param exact whether {@code dead} is a count and not an estimate: true with the method {@code REPLICA_PASS} only
     * @param sampledKeys approximate number of keys that were read
     * @param reclaimed number of dead keys that the sample has removed; 0 on a replica
     * @param deadBytes approximate memory of the dead keys in bytes; null if the server does not report it
     * @param sweepSeconds approximate duration of a sweep that removes the dead keys of this primary
     */
    public record Primary(
            String nodeId,
            String countedOn,
            String method,
            long keys,
            long volatileKeys,
            long dead,
            long lowest,
            long highest,
            boolean exact,
            long sampledKeys,
            long reclaimed,
            @Nullable Long deadBytes,
            SweepSeconds sweepSeconds) {}

    /**
     * Reports how long a sweep would take with each profile, in seconds; a profile is a named pace.
     *
     * @param gentle seconds with the profile {@code gentle}: a quarter of the time of the server's main thread
     * @param balanced seconds with the profile {@code balanced}: half of that time
     * @param full seconds with the profile {@code full}: all of that time
     */
    public record SweepSeconds(double gentle, double balanced, double full) {}
}
