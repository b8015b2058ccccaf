package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import java.util.SortedMap;

/**
 * A primary summary holds what an inspection found out about a primary, before any key is touched.
 *
 * @param nodeId {@code host:port}
 * @param profile the kind of server, and the reclaim method chosen for it
 * @param keys number of keys by database number, including dead keys; empty databases are left out
 * @param expires number of keys with a TTL by database number
 * @param usedMemory INFO {@code used_memory}, bytes
 * @param maxMemory the configured memory limit, bytes; 0 for none
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

    /** Returns this summary with another profile. */
    PrimarySummary withProfile(ServerProfile newProfile) {
        return new PrimarySummary(nodeId, newProfile, keys, expires, usedMemory, maxMemory, evictedKeys);
    }

    /** Returns the number of keys in all databases. */
    public long totalKeys() {
        return new Keyspace(keys, expires).totalKeys();
    }
}
