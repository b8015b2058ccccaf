package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports whether a scan of an instance could begin, and which primaries it would sweep.
 *
 * <p>A scan removes the expired keys of all primaries of an instance; a sweep is its work on one primary.
 *
 * <p>This is the response to {@code POST /api/v1/instances/{id}/test}, and to {@code POST /api/v1/instances/test} for a
 * deployment that is not registered yet. The test reads from the primaries but changes nothing on them.
 *
 * @param sweepable whether a scan could begin
 * @param problem why a scan could not begin; null if it could
 * @param millis duration of the test in milliseconds
 * @param primaries the primaries that a scan would sweep; empty if there is a problem
 */
public record InstanceCheck(boolean sweepable, @Nullable String problem, long millis, List<Primary> primaries) {

    public InstanceCheck {
        primaries = List.copyOf(primaries);
    }

    /**
     * Describes a primary that a scan would sweep.
     *
     * @param nodeId address of the primary, {@code host:port} or the path of a Unix socket
     * @param flavour product family of the server, such as {@code REDIS} or {@code VALKEY}
     * @param version version of the product
     * @param method method by which a scan would remove expired keys, such as {@code script}, followed by a colon and
     *     the reason for the choice
     * @param keys number of keys in all databases, including expired keys that still hold memory
     * @param usedMemory memory that the server uses, in bytes
     */
    public record Primary(String nodeId, String flavour, String version, String method, long keys, long usedMemory) {}
}
