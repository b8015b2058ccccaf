package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents the last estimate of an instance's backlog.
 *
 * @param instanceId id of the instance
 * @param by id of the access key that requested the estimate
 * @param madeAt when the estimate was made
 * @param dead number of dead keys on all primaries
 * @param deadBytes approximate memory of the dead keys in bytes; null if a server does not report it
 * @param exact whether {@code dead} is an exact count
 * @param primaries one entry for each primary
 */
public record EstimateView(
        String instanceId,
        String by,
        Instant madeAt,
        long dead,
        @Nullable Long deadBytes,
        boolean exact,
        List<Primary> primaries) {

    /**
     * Represents the estimated backlog of one primary.
     *
     * @param nodeId address of the primary
     * @param countedOn address of the server that was read: the primary or one of its replicas
     * @param method method of the estimate: {@code REPLICA_PASS}, {@code REPLICA_SAMPLE} or {@code PRIMARY_SAMPLE}
     * @param keys number of keys, including dead keys
     * @param volatileKeys number of keys with a TTL, including dead keys
     * @param dead number of dead keys: the most likely value, or the count if {@code exact}
     * @param lowest lower end of the 95 % interval of {@code dead}
     * @param highest upper end of the 95 % interval of {@code dead}
     * @param exact whether every key was read
     * @param sampledKeys approximate number of keys that were read
     * @param reclaimed number of dead keys that the sample has removed; 0 on a replica
     * @param deadBytes approximate memory of the dead keys in bytes; null if the server does not report it
     * @param sweepSeconds approximate duration of a sweep
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

    /** Holds the approximate duration of a sweep with each profile, in seconds. */
    public record SweepSeconds(double gentle, double balanced, double full) {}
}
