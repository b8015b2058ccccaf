package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists one page of a project's scans; {@code GET /api/v1/scans} returns it.
 *
 * @param scans scans of the page, the newest first
 * @param nextCursor value of the query parameter {@code cursor} that requests the next page, or null if this is the
 *     last page
 */
public record ScanPage(List<ScanView> scans, @Nullable String nextCursor) {

    public ScanPage {
        scans = List.copyOf(scans);
    }
}
