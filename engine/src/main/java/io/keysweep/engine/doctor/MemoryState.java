package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.ServerMemory;

/**
 * Describes a server's memory in a {@link Diagnosis}, as INFO reports it.
 *
 * @param usedBytes the bytes that the server has requested from its allocator ({@code used_memory})
 * @param rssBytes the bytes that the process occupies on the machine; 0 if the server does not report them
 * @param fragmentationRatio {@code rssBytes / usedBytes}, well above 1 if the process keeps freed memory; 0 if the
 *     server does not report the ratio
 * @param limitBytes the setting {@code maxmemory}, in bytes; 0 for no limit, or if the server does not report it
 * @param policy the setting {@code maxmemory-policy}, which says what the server removes at the limit, for example
 *     {@code noeviction}; {@code unknown} if the server does not report it
 * @param evictedKeys the number of keys that the server has removed for lack of memory since it was started; 0 if the
 *     server does not report it
 */
public record MemoryState(
        long usedBytes, long rssBytes, double fragmentationRatio, long limitBytes, String policy, long evictedKeys) {

    /** Reads the state from a reply to INFO; a field that the server does not report becomes 0 or {@code unknown}. */
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
