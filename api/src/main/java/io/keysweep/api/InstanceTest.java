package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of a connection test, which only inspects the primaries and changes nothing.
 *
 * @param sweepable whether a scan could begin
 * @param problem why a scan could not begin, or null
 * @param millis duration of the test in milliseconds
 * @param primaries the primaries that a scan would sweep; empty if there is a problem
 */
public record InstanceTest(boolean sweepable, @Nullable String problem, long millis, List<Primary> primaries) {

    public InstanceTest {
        primaries = List.copyOf(primaries);
    }

    /**
     * Describes a primary that a scan would sweep.
     *
     * @param nodeId {@code host:port}
     * @param flavour {@code REDIS}, {@code VALKEY}, …
     * @param version version that the server reports
     * @param method method by which the scan would reclaim keys, and why
     * @param keys number of keys in all databases, including dead keys
     * @param usedMemory used memory in bytes
     */
    public record Primary(String nodeId, String flavour, String version, String method, long keys, long usedMemory) {}
}
