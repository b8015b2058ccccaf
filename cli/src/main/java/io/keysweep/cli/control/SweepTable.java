package io.keysweep.cli.control;

import io.keysweep.cli.output.Fraction;
import io.keysweep.cli.output.Table;

/** Describes the table of the user's sweeps that run on this machine without a service. */
final class SweepTable {

    static final Table<SweepStatus> SWEEPS = Table.<SweepStatus>of(
                    "No sweep of yours runs on this machine.", /* name= */ SweepTable::pid, /* id= */ SweepTable::pid)
            .column("PID", SweepTable::pid)
            .column("SERVER", SweepStatus::server)
            .column("DONE", sweep -> new Fraction(sweep.fraction()))
            .column("VISITED", SweepStatus::visited)
            .column("RECLAIMED", SweepStatus::reclaimed)
            .column("STARTED", SweepStatus::startedAt)
            .column("HELD", SweepStatus::hold)
            .wide("STALL BUDGET MS", SweepStatus::stallBudgetMs)
            .wide("SHARE", SweepStatus::share)
            .wide("MAX RATE", SweepStatus::rateCeiling)
            .wide("LONGEST STALL MS", SweepStatus::longestStallMs);

    private SweepTable() {}

    private static String pid(SweepStatus sweep) {
        return String.valueOf(sweep.pid());
    }
}
