package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.ServerMemory;

/**
 * Memory of a server, as INFO tells it.
 *
 * @param usedBytes what it has asked the allocator for
 * @param rssBytes what it holds of the machine; 0 where it does not tell
 * @param fragmentationRatio {@code rss / used}; 0 where it does not tell
 * @param limitBytes {@code maxmemory}; 0 is none
 * @param policy {@code maxmemory-policy}
 * @param evictedKeys keys evicted for memory since it was started
 */
public record MemoryState(
        long usedBytes, long rssBytes, double fragmentationRatio, long limitBytes, String policy, long evictedKeys) {

    static MemoryState of(ServerInfo info) {
        ServerMemory memory = ServerMemory.of(info);
        return new MemoryState(
                memory.usedBytes(),
                memory.rssBytes(),
                memory.fragmentationRatio(),
                info.number("maxmemory").orElse(0),
                info.text("maxmemory_policy").orElse(Diagnosis.UNKNOWN),
                info.number("evicted_keys").orElse(0));
    }
}
