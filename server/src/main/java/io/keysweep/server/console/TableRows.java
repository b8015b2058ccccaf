package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import io.keysweep.server.autoscan.NextStarts;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanListing;
import io.keysweep.server.scan.ScanQuery;
import io.keysweep.server.scan.ScanState;
import io.keysweep.server.scan.ScanStore;
import io.keysweep.server.scan.ScanViews;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

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

    private final ScanListing listing;
    private final ScanStore scans;
    private final ScanViews views;
    private final ScanSpeeds speeds;
    private final InstanceStore instances;
    private final NextStarts nextStarts;

    TableRows(
            ScanListing listing,
            ScanStore scans,
            ScanViews views,
            ScanSpeeds speeds,
            InstanceStore instances,
            NextStarts nextStarts) {
        this.listing = listing;
        this.scans = scans;
        this.views = views;
        this.speeds = speeds;
        this.instances = instances;
        this.nextStarts = nextStarts;
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

    /** Returns the rows of instances in the order of {@code page}, with only the details that the caller may see. */
    List<InstanceRow> instances(List<Instance> page, Caller caller) {
        Map<String, ScanView> lastScans = views.of(scans.latest(allowed(page, caller, Action.LIST_SCANS))).stream()
                .collect(Collectors.toMap(ScanView::instanceId, Function.identity()));
        Map<UUID, Instant> starts = nextStarts.of(allowed(page, caller, Action.GET_AUTOSCAN));
        return page.stream()
                .map(instance ->
                        new InstanceRow(instance, lastScans.get(instance.id().toString()), starts.get(instance.id())))
                .toList();
    }

    /** Returns the ids of those instances of a page on which the caller has an action. */
    private static List<UUID> allowed(List<Instance> page, Caller caller, Action action) {
        return page.stream()
                .filter(instance ->
                        caller.may(action, instance.id(), instance.tags().values()))
                .map(Instance::id)
                .toList();
    }
}
