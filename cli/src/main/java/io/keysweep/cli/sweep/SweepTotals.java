package io.keysweep.cli.sweep;

import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Holds the figures of a sweep that {@code --metrics-file} writes, in total over all primaries.
 *
 * @param usedMemoryBefore bytes; null for a cluster, whose primaries are swept at different times
 * @param usedMemoryAfter bytes; null for a cluster, or if the server did not answer at the end
 */
record SweepTotals(
        long visited,
        long reclaimed,
        boolean exact,
        long steps,
        Duration longestStall,
        StepTimes stepTimes,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter) {

    static SweepTotals of(SweepReport report) {
        return new SweepTotals(
                report.visited(),
                report.reclaimed(),
                report.exact(),
                report.steps(),
                report.longestStall(),
                report.stepTimes(),
                report.usedMemoryBefore(),
                report.usedMemoryAfter());
    }

    static SweepTotals of(DeploymentReport report) {
        return new SweepTotals(
                report.visited(),
                report.reclaimed(),
                report.exact(),
                report.reports().stream().mapToLong(SweepReport::steps).sum(),
                report.longestStall(),
                report.reports().stream().map(SweepReport::stepTimes).reduce(StepTimes.NONE, StepTimes::plus),
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null);
    }
}
