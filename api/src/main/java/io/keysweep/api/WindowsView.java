package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports the windows that apply to a project or an instance; the requests to {@code …/windows} return it.
 *
 * <p>A window is a time of the week when sweeps may run.
 *
 * @param source whose windows apply: {@code instance}; {@code project} if the instance has no windows of its own;
 *     {@code none} if no windows are set
 * @param document the windows; if none are set, a document by which sweeps may run at any time
 * @param open whether sweeps may run now
 * @param nextChange when {@code open} changes; null if it never changes
 * @param setBy id of the access key that set the windows; null if none are set
 * @param setAt when the windows were set; null if none are set
 * @param version version of the own windows of the requested project or instance, even if other windows apply; 0 if it
 *     never had any. Every change raises it. The ETag is this number in quotes
 */
public record WindowsView(
        String source,
        WindowsDocument document,
        boolean open,
        @Nullable Instant nextChange,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
