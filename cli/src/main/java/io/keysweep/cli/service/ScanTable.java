package io.keysweep.cli.service;

import io.keysweep.api.ScanView;
import io.keysweep.api.TimelineEventView;
import io.keysweep.cli.output.Fraction;
import io.keysweep.cli.output.Table;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes the tables of scans and of their timelines. */
final class ScanTable {

    static final Table<TimelineEventView> EVENTS = Table.<TimelineEventView>of(
                    "The timeline is empty.", /* name= */ TimelineEventView::type, /* id= */ TimelineEventView::type)
            .column("AT", TimelineEventView::at)
            .column("EVENT", TimelineEventView::type)
            .column("BY", TimelineEventView::by)
            .column("NODE", TimelineEventView::nodeId)
            .column("DETAIL", TimelineEventView::detail)
            .column("WHY", TimelineEventView::why)
            .column("UNTIL", TimelineEventView::until);

    private ScanTable() {}

    /** Returns the table of scans that shows ids of instances. */
    static Table<ScanView> withIds() {
        return with(Map.of());
    }

    /**
     * Returns the table of scans that shows the names of instances, for which it asks the service. If that fails, for
     * example because the access key is not allowed to list instances, the table shows their ids.
     */
    static Table<ScanView> withNames(ServiceClient client) throws InterruptedException {
        return with(new IdResolver(client).instanceNames());
    }

    private static Table<ScanView> with(Map<String, String> names) {
        return Table.of(
                        "There are no scans. Create one with 'keysweep scans create INSTANCE'.",
                        /* name= */ ScanView::id,
                        /* id= */ ScanView::id)
                .column("ID", ScanView::id)
                .column("INSTANCE", scan -> names.getOrDefault(scan.instanceId(), scan.instanceId()))
                .column("TYPE", ScanView::scanType)
                .column("STATE", ScanView::state)
                .column("DONE", scan -> new Fraction(scan.fraction()))
                .column("RECLAIMED", ScanView::reclaimed)
                .column("CREATED", ScanView::createdAt)
                .wide("ENDING", ScanView::ending)
                .wide("VISITED", ScanView::visited)
                .wide("EXACT", ScanView::exact)
                .wide("SECONDS", ScanTable::seconds)
                .wide("LONGEST STALL MS", ScanView::longestStallMs)
                .wide("INSTANCE ID", ScanView::instanceId)
                .column("NOTE", ScanTable::note);
    }

    /** Returns why the scan has failed or makes no progress; null if neither. */
    private static @Nullable String note(ScanView scan) {
        return scan.failure() != null ? scan.failure() : scan.hold();
    }

    /** Returns the duration of an ended scan in seconds; null if it has not ended or was never begun. */
    private static @Nullable Long seconds(ScanView scan) {
        return scan.startedAt() == null || scan.finishedAt() == null
                ? null
                : (Long) Duration.between(scan.startedAt(), scan.finishedAt()).toSeconds();
    }
}
