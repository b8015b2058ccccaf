package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds one page of a list of scans.
 *
 * @param scans scans of the page, the newest first
 * @param nextCursor value of {@code cursor} for the next page, or null if this is the last page
 */
public record ScanPage(List<ScanView> scans, @Nullable String nextCursor) {

    public ScanPage {
        scans = List.copyOf(scans);
    }
}
