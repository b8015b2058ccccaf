package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;

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
        return new MemoryState(
                info.number("used_memory").orElse(0),
                info.number("used_memory_rss").orElse(0),
                decimal(info.text("mem_fragmentation_ratio").orElse("0")),
                info.number("maxmemory").orElse(0),
                info.text("maxmemory_policy").orElse(Diagnosis.UNKNOWN),
                info.number("evicted_keys").orElse(0));
    }

    private static double decimal(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
