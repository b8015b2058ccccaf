package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the windows that apply to a project or an instance in responses of {@code …/windows}.
 *
 * @param source owner of the windows: {@code instance}, {@code project}, or {@code none} if none are set
 * @param document the windows; if none are set, a document that is always open
 * @param open whether sweeps may run now
 * @param nextChange when {@code open} changes, or null if it never does
 * @param setBy id of the access key that set the windows, or null
 * @param setAt when the windows were set, or null
 * @param version version of the requested project's or instance's own windows; every change raises it, 0 if it never
 *     had any. In quotes it is the ETag
 */
public record WindowsView(
        String source,
        WindowsDocument document,
        boolean open,
        @Nullable Instant nextChange,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
