package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.ServerMemory;

/**
 * Describes a server's memory as INFO reports it.
 *
 * @param usedBytes bytes that the server has requested from the allocator
 * @param rssBytes bytes that the process occupies on the machine; 0 if the server does not report it
 * @param fragmentationRatio {@code rss / used}; 0 if the server does not report it
 * @param limitBytes {@code maxmemory}; 0 for no limit
 * @param policy {@code maxmemory-policy}
 * @param evictedKeys keys evicted for lack of memory since the server was started
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
