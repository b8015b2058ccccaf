package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The windows that hold for a project or an instance, as {@code GET …/windows} shows them.
 *
 * @param source whose they are: {@code instance}, {@code project}, or {@code none} if nobody has set any
 * @param document the windows; without any, those of {@code none}: always open
 * @param open whether sweeps may run at the moment
 * @param nextChange when that changes, or null if it does not
 * @param setBy access key that has set them, or null
 * @param setAt when, or null
 * @param version of what the project or instance itself has set, raised by every change, 0 if it never has; in quotes it is the ETag
 */
public record WindowsView(
        String source,
        WindowsDocument document,
        boolean open,
        @Nullable Instant nextChange,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
