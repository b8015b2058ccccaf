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
 * The report of a cluster's sweep as {@code --json} writes it. Slots are texts as {@code 0-5460,10923}.
 *
 * @param orphans keys of slots that the node which holds them does not serve, by slot
 * @param sweeps one a shard and round, in the order in which they ended
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
     * One sweep.
     *
     * @param slots what was to be covered
     * @param covered what was covered from start to end
     * @param failure why it could not be done, or null
     * @param report the report, or null if it came to no end
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
