package io.keysweep.server.scan;

import io.keysweep.api.ScanPage;
import java.util.List;
import org.springframework.stereotype.Service;

/** Lists scans page by page; a page stays what it is while new scans are made. */
@Service
public class ScanListing {

    private final ScanStore scans;
    private final ScanViews views;

    ScanListing(ScanStore scans, ScanViews views) {
        this.scans = scans;
        this.views = views;
    }

    /** The scans of a project that are asked for. */
    public ScanPage page(String projectId, ScanQuery query) {
        // One more than is shown tells whether there are any more.
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
