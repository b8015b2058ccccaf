package io.keysweep.server.console.fleet;

import io.keysweep.api.ScanView;
import io.keysweep.server.autoscan.NextStarts;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.scan.ScanListing;
import io.keysweep.server.scan.ScanQuery;
import io.keysweep.server.scan.ScanState;
import io.keysweep.server.scan.ScanStore;
import io.keysweep.server.scan.ScanViews;
import io.keysweep.server.trend.TrendPoint;
import io.keysweep.server.trend.Trends;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Reads the data of the overview, the page of the console that lists all instances. {@link #fleet} returns all
 * instances, for the tiles and the filters, and {@link #tableRows} returns the table rows of one page.
 *
 * <p>The table needs a fixed number of SQL queries, not one for each row. The callers check the permissions.
 * Thread-safe.
 */
@Component
final class OverviewRows {

    /**
     * The maximum number of active scans that are loaded in each state. The instance of a scan that is not loaded is
     * treated as running or waiting, even if the scan is held.
     */
    private static final int MAX_ACTIVE = 2000;

    private final ScanListing listing;
    private final ScanStore scans;
    private final ScanViews views;
    private final NextStarts nextStarts;
    private final FleetList fleet;
    private final Trends trends;
    private final InstantSource clock;

    OverviewRows(
            ScanListing listing,
            ScanStore scans,
            ScanViews views,
            NextStarts nextStarts,
            FleetList fleet,
            Trends trends,
            InstantSource clock) {
        this.listing = listing;
        this.scans = scans;
        this.views = views;
        this.nextStarts = nextStarts;
        this.fleet = fleet;
        this.trends = trends;
        this.clock = clock;
    }

    /** Returns all instances that the caller may list, with the values for sorting, filtering and counting. */
    List<FleetRow> fleet(Caller caller) {
        // Without a merge function, toMap would fail if a scan were in the lists of both states.
        Map<String, ScanView> active = caller.maySomewhere(Action.LIST_SCANS)
                ? Stream.of(ScanState.RUNNING, ScanState.WAITING)
                        .flatMap(state -> newest(caller, state).stream())
                        .collect(Collectors.toMap(ScanView::id, Function.identity(), (scan, sameScan) -> scan))
                : Map.of();
        return fleet.all(caller, active);
    }

    /** Returns the newest scans of the caller's project in a state, at most {@value #MAX_ACTIVE}. */
    private List<ScanView> newest(Caller caller, ScanState state) {
        return listing.page(caller, ScanQuery.newest(/* instanceId= */ null, state, MAX_ACTIVE))
                .scans();
    }

    /**
     * Returns the table rows of the instances of a page, in its order, with only the details that the caller may see.
     */
    List<OverviewRow> tableRows(List<FleetRow> page, Caller caller) {
        List<UUID> withScans = idsWithAction(page, caller, Action.LIST_SCANS);
        Map<String, ScanView> lastScans = views.of(scans.latest(withScans)).stream()
                .collect(Collectors.toMap(ScanView::instanceId, Function.identity()));
        Map<UUID, Instant> starts = nextStarts.of(idsWithAction(page, caller, Action.GET_AUTOSCAN));
        Map<UUID, List<TrendPoint>> histories = trends.historiesByDay(withScans, FleetList.MONTH);
        return page.stream()
                .map(row -> new OverviewRow(
                        row,
                        caller.may(Action.GET_INSTANCE, row.id(), row.tags().values()),
                        lastScans.get(row.id().toString()),
                        starts.get(row.id()),
                        Sparkline.of(histories.getOrDefault(row.id(), List.of()), clock.instant(), FleetList.MONTH)))
                .toList();
    }

    /** Returns the ids of the instances of a page on which the caller has an action. */
    private static List<UUID> idsWithAction(List<FleetRow> page, Caller caller, Action action) {
        return page.stream()
                .filter(row -> caller.may(action, row.id(), row.tags().values()))
                .map(FleetRow::id)
                .toList();
    }
}
