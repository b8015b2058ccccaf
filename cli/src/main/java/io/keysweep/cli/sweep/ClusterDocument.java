package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.ShardOutcome;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON that {@code keysweep sweep --json} prints for a cluster. Slots are written as {@code 0-5460,10923}.
 *
 * @param orphans number of keys on a node that does not serve their slot, by slot; a sweep cannot reach them
 * @param sweeps one sweep for each shard and round, in the order in which the sweeps ended
 */
record ClusterDocument(
        String label,
        SweepReport.Ending ending,
        boolean success,
        long visited,
        long reclaimed,
        boolean exact,
        double seconds,
        long keysPerSecond,
        double longestStallMs,
        String uncovered,
        String unassigned,
        SortedMap<Integer, Long> orphans,
        List<ShardDocument> sweeps) {

    /**
     * Describes the sweep of one shard, the part of a cluster that one primary serves.
     *
     * @param slots slots that the primary served at the start of the round
     * @param covered slots that one primary served from the start of the sweep to its end
     * @param failure reason why the sweep could not be finished, or null if it was
     * @param report report of the sweep, or null if the sweep could not be finished
     */
    record ShardDocument(
            int round,
            String primary,
            String slots,
            String covered,
            long visited,
            long reclaimed,
            boolean exact,
            @Nullable String failure,
            @Nullable SweepDocument report) {

        static ShardDocument of(ShardOutcome outcome) {
            NodeRefusedException refusal = outcome.refusal();
            SweepReport report = outcome.report();
            return new ShardDocument(
                    outcome.round(),
                    outcome.shard().primary().toString(),
                    outcome.shard().slots().toString(),
                    outcome.covered().toString(),
                    outcome.visited(),
                    outcome.reclaimed(),
                    outcome.exact(),
                    refusal == null ? null : refusal.getMessage(),
                    report == null ? null : SweepDocument.of(report));
        }
    }

    static ClusterDocument of(DeploymentReport report) {
        return new ClusterDocument(
                report.label(),
                report.ending(),
                report.success(),
                report.visited(),
                report.reclaimed(),
                report.exact(),
                Amounts.rounded(Amounts.seconds(report.elapsed())),
                Amounts.keysPerSecond(report.visited(), report.elapsed()),
                Amounts.rounded(Amounts.milliseconds(report.longestStall())),
                report.uncovered().toString(),
                report.unassigned().toString(),
                report.orphans(),
                report.outcomes().stream().map(ShardDocument::of).toList());
    }
}
