package io.keysweep.cli.service;

import io.keysweep.api.TrendPointView;
import io.keysweep.cli.output.Table;

/** Describes the table of an instance's history: what scans and estimates have measured, and when. */
final class TrendTable {

    static final Table<TrendPointView> POINTS = Table.of(
                    "No scan or estimate of this instance has measured anything in this time.",
                    /* name= */ TrendTable::time,
                    /* id= */ TrendTable::time)
            .column("TIME", TrendPointView::at)
            .column("MINUTES", TrendPointView::minutes)
            .column("SCANS", TrendPointView::scans)
            .column("RECLAIMED", TrendPointView::reclaimed)
            .column("VISITED", TrendPointView::visited)
            .column("DEAD", TrendPointView::deadKeys)
            .column("DEAD BYTES", TrendPointView::deadBytes)
            .column("MEMORY BEFORE", TrendPointView::usedMemoryBefore)
            .column("MEMORY AFTER", TrendPointView::usedMemoryAfter)
            .column("NET INFLOW", TrendPointView::inflow);

    private TrendTable() {}

    private static String time(TrendPointView point) {
        return point.at().toString();
    }
}
