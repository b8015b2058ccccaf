package io.keysweep.server.scan;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the sweep of one primary, as of its last checkpoint.
 *
 * @param scanId the scan that it belongs to
 * @param nodeId {@code host:port} of the primary
 * @param finished whether it has ended, well or not
 * @param failure why it ended badly, or null
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction how much of the key space is done, 0 to 1
 * @param longestStall longest step
 * @param hold why it rests at the moment, or null
 * @param method reclaim method and the reason for it, or null before the start
 * @param usedMemoryBefore bytes, or null before the start
 * @param usedMemoryAfter bytes, or null before the end
 */
public record SweepRecord(
        UUID scanId,
        String nodeId,
        boolean finished,
        @Nullable String failure,
        long visited,
        long reclaimed,
        boolean exact,
        double fraction,
        Duration longestStall,
        @Nullable String hold,
        @Nullable String method,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter) {}
