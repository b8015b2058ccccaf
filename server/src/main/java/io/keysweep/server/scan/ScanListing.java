package io.keysweep.server.scan;

import io.keysweep.api.ScanPage;
import java.util.List;
import org.springframework.stereotype.Service;

/**
 * Lists scans page by page, the newest first, for the native API and the console.
 *
 * <p>A page begins after the last scan of the page before (its cursor), and not at an offset. Scans that are created
 * meanwhile therefore do not shift the pages.
 */
@Service
public class ScanListing {

    private final ScanStore scans;
    private final ScanViews views;

    ScanListing(ScanStore scans, ScanViews views) {
        this.scans = scans;
        this.views = views;
    }

    /**
     * Returns the page of a project's scans that a query selects, with the cursor of the next page, or null as the
     * cursor on the last page. The caller checks the permission.
     */
    public ScanPage page(String projectId, ScanQuery query) {
        // One scan more than the page shows, to find out whether another page follows.
        List<Scan> found = scans.list(projectId, query, query.limit() + 1);
        boolean more = found.size() > query.limit();
        List<Scan> shown = more ? found.subList(0, query.limit()) : found;
        return new ScanPage(
                views.of(shown),
                more
                        ? new ScanQuery.Cursor(
                                        shown.getLast().createdAt(),
                                        shown.getLast().id())
                                .text()
                        : null);
    }
}
