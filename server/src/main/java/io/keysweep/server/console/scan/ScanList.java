package io.keysweep.server.console.scan;

import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanListing;
import io.keysweep.server.scan.ScanQuery;
import io.keysweep.server.scan.ScanState;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;

/**
 * Reads the rows of the tables of scans on the pages of the console.
 *
 * <p>Each table needs a fixed number of SQL queries, not one for each row. The callers check the permissions.
 * Thread-safe.
 */
@Component
public final class ScanList {

    /** The maximum number of running scans, and of waiting scans, that the overview shows; another page lists all. */
    static final int MAX_ACTIVE = 10;

    private final ScanListing listing;
    private final ScanSpeeds speeds;
    private final InstanceStore instances;

    ScanList(ScanListing listing, ScanSpeeds speeds, InstanceStore instances) {
        this.listing = listing;
        this.speeds = speeds;
        this.instances = instances;
    }

    /**
     * Contains the active scans that a page shows.
     *
     * @param rows the newest running scans, followed by the newest waiting scans
     * @param hasMore whether there are more active scans
     */
    public record NewestActive(List<ScanRow> rows, boolean hasMore) {

        /** Stands for no active scan. */
        public static final NewestActive NONE = new NewestActive(List.of(), /* hasMore= */ false);
    }

    /** Returns the newest active scans of a project, at most {@value #MAX_ACTIVE} in each state. */
    public NewestActive active(Caller caller) {
        List<ScanPage> pages = Stream.of(ScanState.RUNNING, ScanState.WAITING)
                .map(state -> listing.page(caller, ScanQuery.newest(/* instanceId= */ null, state, MAX_ACTIVE)))
                .toList();
        return new NewestActive(
                rows(
                        caller,
                        pages.stream().flatMap(page -> page.scans().stream()).toList()),
                pages.stream().anyMatch(page -> page.nextCursor() != null));
    }

    /**
     * Returns the newest scans of a project in any state, the newest first.
     *
     * @param instanceId only the scans of this instance, or null for all instances
     * @param limit maximum number of scans
     */
    public List<ScanRow> recent(Caller caller, @Nullable UUID instanceId, int limit) {
        return rows(
                caller,
                listing.page(caller, ScanQuery.newest(instanceId, /* state= */ null, limit))
                        .scans());
    }

    /** Adds the name of the instance and the current speed to each scan. */
    private List<ScanRow> rows(Caller caller, List<ScanView> scanViews) {
        Map<UUID, String> names = instances.names(
                caller.projectId(),
                scanViews.stream()
                        .map(scan -> UUID.fromString(scan.instanceId()))
                        .distinct()
                        .toList());
        return scanViews.stream()
                .map(scan -> new ScanRow(
                        scan,
                        // An instance can be removed between the two queries. Its id then stands for the name.
                        names.getOrDefault(UUID.fromString(scan.instanceId()), scan.instanceId()),
                        speeds.record(scan)))
                .toList();
    }

    /**
     * Contains a page of scans.
     *
     * @param rows scans, the newest first
     * @param nextCursor cursor of the next page; null on the last page
     */
    record ScanRowPage(List<ScanRow> rows, @Nullable String nextCursor) {}

    /** Returns a page of the scans that the parameters of the API select and that the caller may see. */
    ScanRowPage scans(Caller caller, MultiValueMap<String, String> parameters) {
        ScanPage page = listing.page(caller, ScanQuery.of(parameters));
        return new ScanRowPage(rows(caller, page.scans()), page.nextCursor());
    }
}
