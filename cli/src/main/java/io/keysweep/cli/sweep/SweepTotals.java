package io.keysweep.cli.sweep;

import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Holds the figures of a sweep that {@code --metrics-file} writes, in total over all primaries.
 *
 * @param visited number of keys, live and expired, that steps have gone over
 * @param reclaimed number of expired keys whose memory was freed
 * @param exact whether {@code reclaimed} is a count; false if it is an estimate
 * @param steps number of steps, each a call that scans a part of a database
 * @param longestStall longest time for which one step has kept its server busy
 * @param stepTimes times of all steps
 * @param usedMemoryBefore memory of the server in bytes before the sweep; null for a cluster, whose primaries are swept
 *     at different times, or if the server does not report it
 * @param usedMemoryAfter memory of the server in bytes after the sweep; null for a cluster, or if the server did not
 *     answer at the end or does not report it
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
                nullIfZero(report.usedMemoryBefore()),
                nullIfZero(report.usedMemoryAfter()));
    }

    /** Returns a number of bytes of memory; null instead of 0, which stands for a server that does not report it. */
    private static @Nullable Long nullIfZero(@Nullable Long bytes) {
        return bytes == null || bytes == 0 ? null : bytes;
    }

    /** Sums up the sweeps of a cluster. The steps and step times of sweeps that failed are not known and left out. */
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
