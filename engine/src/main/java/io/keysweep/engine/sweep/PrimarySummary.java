package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A primary summary describes a primary before a sweep visits its keys; {@link SweepEngine#inspect} returns it.
 *
 * @param nodeId the address of the primary, such as {@code 10.0.0.5:6379}
 * @param profile the kind of server, and the reclaim method chosen for it
 * @param keys the number of keys by database number, including expired keys that still hold memory; empty databases are
 *     left out
 * @param expires the number of keys with a TTL by database number, for the same databases
 * @param usedMemory the memory that the server has allocated (INFO {@code used_memory}), bytes; 0 if the server does
 *     not report it
 * @param maxMemory the configured memory limit, bytes; 0 for none, or if the server does not report it
 * @param evictedKeys the number of keys that this server process has evicted so far; 0 if the server does not report it
 * @param replicas the number of replicas that are connected to the primary; 0 if the server does not report it
 * @param skippedDatabases databases with keys that are not swept, because the connection's user is not allowed to
 *     access them and the request says to skip such databases
 */
public record PrimarySummary(
        String nodeId,
        ServerProfile profile,
        SortedMap<Integer, Long> keys,
        SortedMap<Integer, Long> expires,
        long usedMemory,
        long maxMemory,
        long evictedKeys,
        int replicas,
        SortedSet<Integer> skippedDatabases) {

    /** Returns this summary with another profile. */
    PrimarySummary withProfile(ServerProfile newProfile) {
        return new PrimarySummary(
                nodeId, newProfile, keys, expires, usedMemory, maxMemory, evictedKeys, replicas, skippedDatabases);
    }

    /** Returns the number of keys in all databases. */
    public long totalKeys() {
        return keys.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the number of keys with a TTL in all databases. */
    public long keysWithTtl() {
        return expires.values().stream().mapToLong(Long::longValue).sum();
    }
}
