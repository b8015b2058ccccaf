package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import java.util.SortedMap;

/**
 * What a look at a primary has found, before anything is touched.
 *
 * @param nodeId {@code host:port}
 * @param profile flavour, version and what the server allows
 * @param keys keys a database, dead ones included; only databases that hold any
 * @param expires how many of those have a TTL
 * @param usedMemory INFO {@code used_memory}, bytes
 * @param maxMemory the memory limit that is configured, bytes; 0 is none
 * @param evictedKeys keys that this server process has evicted so far
 */
public record PrimarySummary(
        String nodeId,
        ServerProfile profile,
        SortedMap<Integer, Long> keys,
        SortedMap<Integer, Long> expires,
        long usedMemory,
        long maxMemory,
        long evictedKeys) {

    /** The same of a server with another profile. */
    PrimarySummary with(ServerProfile other) {
        return new PrimarySummary(nodeId, other, keys, expires, usedMemory, maxMemory, evictedKeys);
    }

    /** Keys over all databases. */
    public long totalKeys() {
        return new Keyspace(keys, expires).totalKeys();
    }
}
