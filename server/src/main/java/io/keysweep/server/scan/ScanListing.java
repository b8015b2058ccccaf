package io.keysweep.server.scan;

import io.keysweep.api.ScanPage;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceAccess;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * Lists scans page by page, the newest first, for the native API and the console.
 *
 * <p>A page begins after the last scan of the previous page (its cursor), and not at an offset. New scans therefore do
 * not shift the pages.
 */
@Service
public class ScanListing {

    private final ScanStore scans;
    private final ScanViews views;
    private final InstanceAccess instances;

    ScanListing(ScanStore scans, ScanViews views, InstanceAccess instances) {
        this.scans = scans;
        this.views = views;
        this.instances = instances;
    }

    /**
     * Returns a page of the scans that a query selects, without the scans of instances that the caller is not allowed
     * to see. The page contains the cursor of the next page, or null on the last page.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the caller is not allowed to list the scans of any
     *     instance
     */
    public ScanPage page(Caller caller, ScanQuery query) {
        caller.requireActionSomewhere(Action.LIST_SCANS);
        Set<UUID> instanceIds = instances.ids(caller, Action.LIST_SCANS).orElse(null);
        if (instanceIds != null && instanceIds.isEmpty()) {
            return new ScanPage(List.of(), /* nextCursor= */ null);
        }
        // The query reads one scan more than the page shows, to find out whether another page follows.
        List<Scan> scansFound = scans.list(caller.projectId(), instanceIds, query, query.limit() + 1);
        boolean hasMore = scansFound.size() > query.limit();
        List<Scan> shownScans = hasMore ? scansFound.subList(0, query.limit()) : scansFound;
        return new ScanPage(
                views.of(shownScans),
                hasMore
                        ? new ScanQuery.Cursor(
                                        shownScans.getLast().createdAt(),
                                        shownScans.getLast().id())
                                .text()
                        : null);
    }
}
