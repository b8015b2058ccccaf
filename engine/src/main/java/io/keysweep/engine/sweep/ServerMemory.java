package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.List;

/**
 * Holds the amounts of memory that a server uses at one moment, by purpose, as INFO reports them.
 *
 * <p>A figure that the server does not report is 0. All names ending in Bytes are in bytes. {@code usedBytes} is exact
 * at that moment. The server updates {@code rssBytes} and the ratio only about ten times per second, by default.
 *
 * @param usedBytes {@code used_memory}: the memory that the server has allocated
 * @param keyBytes key memory, the part of {@code usedBytes} that keys and their hash tables hold. It is {@code
 *     usedBytes} minus the memory that INFO reports for other things (an empty server, clients, replicas and buffers);
 *     at least 0
 * @param datasetBytes {@code used_memory_dataset}: the server's own figure for the memory of keys, without the hash
 *     tables
 * @param rssBytes {@code used_memory_rss}: the physical memory (resident set size) that the operating system has given
 *     the server
 * @param fragmentationRatio {@code mem_fragmentation_ratio}: physical memory divided by allocated memory
 * @param lazyFreePending {@code lazyfree_pending_objects}: the number of values that the server will free in the
 *     background, and that are still counted as used
 * @param allocator {@code mem_allocator}, such as {@code jemalloc-5.3.0}; empty if the server does not report it
 * @param runId {@code run_id}: identifies the server process, so a restart or another node changes it; empty if the
 *     server does not report it
 */
public record ServerMemory(
        long usedBytes,
        long keyBytes,
        long datasetBytes,
        long rssBytes,
        double fragmentationRatio,
        long lazyFreePending,
        String allocator,
        String runId) {

    private static final List<String> FIELDS_OTHER_THAN_KEYS = List.of(
            "used_memory_startup",
            "mem_clients_normal",
            "mem_clients_slaves",
            "mem_replication_backlog",
            "mem_aof_buffer",
            "mem_cluster_links");

    /**
     * Reads the memory from INFO: the section {@code memory}, or all sections. {@code runId} is in the section
     * {@code server}.
     */
    public static ServerMemory of(ServerInfo info) {
        long usedBytes = info.number("used_memory").orElse(0);
        long otherThanKeys = FIELDS_OTHER_THAN_KEYS.stream()
                .mapToLong(field -> info.number(field).orElse(0))
                .sum();
        return new ServerMemory(
                usedBytes,
                Math.max(0, usedBytes - otherThanKeys),
                info.number("used_memory_dataset").orElse(0),
                info.number("used_memory_rss").orElse(0),
                parseFinite(info.text("mem_fragmentation_ratio").orElse("0")),
                info.number("lazyfree_pending_objects").orElse(0),
                info.text("mem_allocator").orElse(""),
                info.text("run_id").orElse(""));
    }

    /** Parses a decimal number; returns 0 for infinity, NaN and text that is not a number. */
    private static double parseFinite(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
