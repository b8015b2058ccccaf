package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Represents the JSON that {@code keysweep sweep --json} prints, in the same shape for one server and for a cluster.
 *
 * <p>Slots are the parts of a cluster's keys, written as {@code 0-5460,10923}. The names of times state their units.
 *
 * @param formatVersion version of this shape
 * @param command always {@code sweep}
 * @param label name of the server or the cluster in texts that users read
 * @param ending how the sweep has ended; for a cluster {@code COMPLETED} even if sweeps of nodes failed
 * @param success whether the sweep was completed and covered every slot that has a primary
 * @param failure why the sweep has failed, or why the primaries of a cluster could not be found again; null if neither
 * @param total sums over all nodes
 * @param uncovered slots that a primary serves, but that no sweep covered from its start to its end
 * @param unassigned slots that no primary serves
 * @param orphans number of keys on a node that does not serve their slot, by slot; a sweep cannot reach them
 * @param assists the result of assist on each primary before its sweep; empty without {@code --assist}
 * @param nodes the sweep of each primary in each round, in the order in which they ended
 * @param refused primaries that could not be assisted
 */
record SweepDocument(
        int formatVersion,
        String command,
        String label,
        SweepReport.Ending ending,
        boolean success,
        @Nullable String failure,
        Total total,
        String uncovered,
        String unassigned,
        SortedMap<Integer, Long> orphans,
        List<AssistDocument> assists,
        List<SweptNode> nodes,
        List<RefusedNode> refused) {

    private static final String COMMAND = "sweep";

    /**
     * Sums up the sweeps of all nodes and rounds.
     *
     * @param visited number of keys, live and expired, that were visited
     * @param reclaimed number of expired keys that were removed
     * @param exact whether {@code reclaimed} is a count; false if it is an estimate
     * @param steps number of steps; without the steps of nodes whose sweep failed, which are not known
     * @param seconds duration of the whole sweep
     * @param keysPerSecond visited keys per second of that duration
     * @param longestStallMs longest time in milliseconds for which one step has kept a primary busy
     */
    record Total(
            long visited,
            long reclaimed,
            boolean exact,
            long steps,
            double seconds,
            long keysPerSecond,
            double longestStallMs) {

        private static Total of(
                long visited, long reclaimed, boolean exact, long steps, Duration elapsed, Duration longestStall) {
            return new Total(
                    visited,
                    reclaimed,
                    exact,
                    steps,
                    Amounts.rounded(Amounts.seconds(elapsed)),
                    Amounts.keysPerSecond(visited, elapsed),
                    Amounts.rounded(Amounts.milliseconds(longestStall)));
        }
    }

    /**
     * Creates the document of the sweep of one server.
     *
     * @param label name of the server in texts that users read
     * @param failure why the sweep has failed, or null if it has not
     */
    static SweepDocument of(
            String label,
            SweepReport report,
            @Nullable String failure,
            List<AssistReport> assists,
            List<RefusedNode> refused) {
        return new SweepDocument(
                ResultOutput.FORMAT_VERSION,
                COMMAND,
                label,
                report.ending(),
                report.ending() == SweepReport.Ending.COMPLETED,
                failure,
                Total.of(
                        report.visited(),
                        report.reclaimed(),
                        report.exact(),
                        report.steps(),
                        report.elapsed(),
                        report.longestStall()),
                /* uncovered= */ "",
                /* unassigned= */ "",
                report.orphans(),
                assists.stream().map(AssistDocument::of).toList(),
                List.of(SweptNode.of(report, failure)),
                refused);
    }

    /** Creates the document of the sweep of a cluster. */
    static SweepDocument of(DeploymentReport report, List<AssistReport> assists, List<RefusedNode> refused) {
        NodeRefusedException topologyFailure = report.topologyFailure();
        return new SweepDocument(
                ResultOutput.FORMAT_VERSION,
                COMMAND,
                report.label(),
                report.ending(),
                report.success(),
                topologyFailure == null ? null : topologyFailure.getMessage(),
                Total.of(
                        report.visited(),
                        report.reclaimed(),
                        report.exact(),
                        report.reports().stream().mapToLong(SweepReport::steps).sum(),
                        report.elapsed(),
                        report.longestStall()),
                report.uncovered().toString(),
                report.unassigned().toString(),
                report.orphans(),
                assists.stream().map(AssistDocument::of).toList(),
                report.outcomes().stream().map(SweptNode::of).toList(),
                refused);
    }
}
