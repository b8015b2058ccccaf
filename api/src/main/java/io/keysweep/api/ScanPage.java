package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of scans.
 *
 * @param scans newest first
 * @param nextCursor {@code cursor} of the part that follows, or null if this is the last
 */
public record ScanPage(List<ScanView> scans, @Nullable String nextCursor) {

    public ScanPage {
        scans = List.copyOf(scans);
    }
}
