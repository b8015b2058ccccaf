package io.keysweep.cli.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Reports as an engine could give them. */
final class Reports {

    private Reports() {}

    static SweepReport report(SweepReport.Ending ending, boolean exact) {
        return new SweepReport(
                "127.0.0.1:6379",
                new ServerProfile(
                        ServerProfile.Flavour.REDIS, "7.0.15", "0f", false, true, "script", "scripts are allowed"),
                ending,
                300_000,
                100_000,
                exact,
                1_234,
                Duration.ofMillis(1_500),
                Duration.ofNanos(1_234_567),
                43_201_331,
                29_254_222,
                SlotSet.ALL,
                Collections.emptySortedMap(),
                List.of(
                        new SweepReport.DatabaseCount(0, 200_000, 90_000),
                        new SweepReport.DatabaseCount(3, 100_000, 10_000)));
    }
}
