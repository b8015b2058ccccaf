package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection test has found; nothing is touched by one.
 *
 * @param sweepable whether a scan would begin
 * @param problem why not, or null
 * @param millis how long it took
 * @param primaries what would be swept; none where there is a problem
 */
public record InstanceTest(boolean sweepable, @Nullable String problem, long millis, List<Primary> primaries) {

    public InstanceTest {
        primaries = List.copyOf(primaries);
    }

    /**
     * One primary.
     *
     * @param nodeId {@code host:port}
     * @param flavour {@code REDIS}, {@code VALKEY}, …
     * @param version the server's own version
     * @param method how keys would be reclaimed, and why that way
     * @param keys keys in all databases, dead ones included
     * @param usedMemory bytes
     */
    public record Primary(String nodeId, String flavour, String version, String method, long keys, long usedMemory) {}
}
