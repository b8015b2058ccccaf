package io.keysweep.server.console;

import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.server.autoscan.NextStarts;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceStore;
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
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;

/**
 * Reads the rows of the tables of scans and instances on the pages of the console.
 *
 * <p>Each table needs a fixed number of SQL queries, not one for each row. The callers check the permissions. Safe for
 * use by several threads.
 */
@Component
final class TableRows {

    /** The maximum number of running scans, and of waiting scans, that a page shows; the API lists all scans. */
    static final int MAX_ACTIVE = 50;

    /** The maximum number of active scans in each state whose instances are counted as held and not as running. */
    private static final int MAX_COUNTED = 2000;

    private final ScanListing listing;
    private final ScanStore scans;
    private final ScanViews views;
    private final ScanSpeeds speeds;
    private final InstanceStore instances;
    private final NextStarts nextStarts;
    private final FleetList fleet;
    private final Trends trends;
    private final InstantSource clock;

    TableRows(
            ScanListing listing,
            ScanStore scans,
            ScanViews views,
            ScanSpeeds speeds,
            InstanceStore instances,
            NextStarts nextStarts,
            FleetList fleet,
            Trends trends,
            InstantSource clock) {
        this.listing = listing;
        this.scans = scans;
        this.views = views;
        this.speeds = speeds;
        this.instances = instances;
        this.nextStarts = nextStarts;
        this.fleet = fleet;
        this.trends = trends;
        this.clock = clock;
    }

    /**
     * Returns the running scans of a project, followed by the waiting scans. Of each, returns the newest {@value
     * #MAX_ACTIVE}.
     */
    List<ScanRow> active(Caller caller) {
        return rows(
                caller,
                Stream.of(ScanState.RUNNING, ScanState.WAITING)
                        .flatMap(state -> newest(caller, /* instanceId= */ null, state, MAX_ACTIVE).stream())
                        .toList());
    }

    /**
     * Returns the newest scans of a project in any state, the newest first.
     *
     * @param instanceId only the scans of this instance, or null for all instances
     * @param limit maximum number of scans
     */
    List<ScanRow> recent(Caller caller, @Nullable UUID instanceId, int limit) {
        return rows(caller, newest(caller, instanceId, /* state= */ null, limit));
    }

    /**
     * Returns the newest scans of a project, the newest first.
     *
     * @param instanceId only the scans of this instance, or null for all instances
     * @param state only the scans in this state, or null for all states
     */
    private List<ScanView> newest(Caller caller, @Nullable UUID instanceId, @Nullable ScanState state, int limit) {
        return listing.page(caller, ScanQuery.newest(instanceId, state, limit)).scans();
    }

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

    /** Returns a page of those scans that the parameters of the API select and that the caller may see. */
    ScanRowPage scans(Caller caller, MultiValueMap<String, String> parameters) {
        ScanPage page = listing.page(caller, ScanQuery.of(parameters));
        return new ScanRowPage(rows(caller, page.scans()), page.nextCursor());
    }

    /** Returns all instances that the caller may list, with what the overview sorts, filters and counts by. */
    List<FleetRow> fleet(Caller caller) {
        Map<String, ScanView> active = caller.maySomewhere(Action.LIST_SCANS)
                ? Stream.of(ScanState.RUNNING, ScanState.WAITING)
                        .flatMap(state -> newest(caller, /* instanceId= */ null, state, MAX_COUNTED).stream())
                        .collect(Collectors.toMap(ScanView::id, Function.identity(), (one, other) -> one))
                : Map.of();
        return fleet.all(caller, active);
    }

    /** Returns the rows of instances in the order of {@code page}, with only the details that the caller may see. */
    List<OverviewRow> instances(List<FleetRow> page, Caller caller) {
        List<UUID> withScans = allowed(page, caller, Action.LIST_SCANS);
        Map<String, ScanView> lastScans = views.of(scans.latest(withScans)).stream()
                .collect(Collectors.toMap(ScanView::instanceId, Function.identity()));
        Map<UUID, Instant> starts = nextStarts.of(allowed(page, caller, Action.GET_AUTOSCAN));
        Map<UUID, List<TrendPoint>> histories = trends.byDay(withScans, FleetList.MONTH);
        return page.stream()
                .map(row -> new OverviewRow(
                        row,
                        lastScans.get(row.id().toString()),
                        starts.get(row.id()),
                        Sparkline.of(histories.getOrDefault(row.id(), List.of()), clock.instant(), FleetList.MONTH)))
                .toList();
    }

    /** Returns the ids of those instances of a page on which the caller has an action. */
    private static List<UUID> allowed(List<FleetRow> page, Caller caller, Action action) {
        return page.stream()
                .filter(row -> caller.may(action, row.id(), row.tags().values()))
                .map(FleetRow::id)
                .toList();
    }
}
