package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.List;

/**
 * Memory of a server at one moment, as INFO tells it; 0 where it does not. {@code usedBytes} is as of that moment; what
 * the machine sees ({@code rssBytes} and the ratio) the server itself looks up some ten times a second.
 *
 * @param usedBytes {@code used_memory}: what it has asked the allocator for
 * @param keyBytes the part of it that keys and their tables hold: all but what it needs without any key, clients, replicas
 *     and buffers
 * @param datasetBytes {@code used_memory_dataset}: the server's own reckoning, which leaves out the tables as well
 * @param rssBytes {@code used_memory_rss}: what it holds of the machine
 * @param fragmentationRatio {@code mem_fragmentation_ratio}, {@code rss / used}
 * @param lazyFreePending {@code lazyfree_pending_objects}: values that are to be freed beside the main thread, ours or
 *     others', and still count as used
 * @param allocator {@code mem_allocator}; empty where it does not tell
 */
public record ServerMemory(
        long usedBytes,
        long keyBytes,
        long datasetBytes,
        long rssBytes,
        double fragmentationRatio,
        long lazyFreePending,
        String allocator) {

    private static final List<String> NO_KEYS = List.of(
            "used_memory_startup",
            "mem_clients_normal",
            "mem_clients_slaves",
            "mem_replication_backlog",
            "mem_aof_buffer",
            "mem_cluster_links");

    /** Reads the section {@code memory}, or all of INFO. */
    public static ServerMemory of(ServerInfo info) {
        long used = info.number("used_memory").orElse(0);
        long others = NO_KEYS.stream()
                .mapToLong(field -> info.number(field).orElse(0))
                .sum();
        return new ServerMemory(
                used,
                Math.max(0, used - others),
                info.number("used_memory_dataset").orElse(0),
                info.number("used_memory_rss").orElse(0),
                decimal(info.text("mem_fragmentation_ratio").orElse("0")),
                info.number("lazyfree_pending_objects").orElse(0),
                info.text("mem_allocator").orElse(""));
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
