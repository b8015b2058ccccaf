package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.ShardOutcome;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Describes the sweep of a cluster as the JSON that {@code keysweep sweep --json} prints. {@link ServerDocument} has
 * the same fields. Slots are written as {@code 0-5460,10923}.
 *
 * <p>A round sweeps all shards, the parts of the cluster that one primary serves. If slots move meanwhile, another
 * round sweeps them.
 *
 * @param label name of the cluster in texts that users read
 * @param ending {@code COMPLETED} (even if sweeps failed or slots were not covered), {@code TIMED_OUT} or {@code
 *     CANCELLED}
 * @param success whether the sweep was completed and covered every slot that has a primary
 * @param visited number of keys, live and expired, that all sweeps have visited
 * @param reclaimed number of expired keys that all sweeps have removed
 * @param exact whether {@code reclaimed} is a count; false if it is an estimate
 * @param steps number of steps of all sweeps; those of sweeps that failed are not known and left out
 * @param seconds duration of all rounds together
 * @param keysPerSecond visited keys per second of that duration
 * @param longestStallMs longest time in milliseconds for which one step has kept a primary busy
 * @param uncovered slots that a primary serves, but that no sweep covered from its start to its end
 * @param unassigned slots that no primary serves
 * @param orphans number of keys on a node that does not serve their slot, by slot; a sweep cannot reach them
 * @param sweeps one sweep for each shard and round, in the order in which the sweeps ended
 * @param failure reason why the primaries could not be found again after a round, or null
 * @param assists what assist did on each primary before its sweep; empty without {@code --assist}
 */
record ClusterDocument(
        String label,
        SweepReport.Ending ending,
        boolean success,
        long visited,
        long reclaimed,
        boolean exact,
        long steps,
        double seconds,
        long keysPerSecond,
        double longestStallMs,
        String uncovered,
        String unassigned,
        SortedMap<Integer, Long> orphans,
        List<ShardDocument> sweeps,
        @Nullable String failure,
        List<AssistDocument> assists) {

    /**
     * Describes the sweep of one shard, the part of a cluster that one primary serves.
     *
     * @param round number of the round, from 1; slots that have moved are swept again in another round
     * @param primary address of the primary
     * @param slots slots that the sweep had to cover
     * @param covered slots that one primary served from the start of the sweep to its end
     * @param visited number of keys, live and expired, that the sweep has visited
     * @param reclaimed number of expired keys that the sweep has removed
     * @param exact whether {@code reclaimed} is a count; false if it is an estimate
     * @param failure reason why the sweep could not be finished; null if the sweep was finished
     * @param report report of the sweep; null if the sweep could not be finished
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
                    report == null ? null : SweepDocument.of(report, /* failure= */ null, List.of()));
        }

        /**
         * Describes the sweep of a server outside a cluster, which has all slots.
         *
         * @param failure why the sweep has failed, or null if it has not
         */
        static ShardDocument of(SweepReport report, @Nullable String failure) {
            return new ShardDocument(
                    /* round= */ 1,
                    report.nodeId(),
                    SlotSet.ALL.toString(),
                    report.covered().toString(),
                    report.visited(),
                    report.reclaimed(),
                    report.exact(),
                    failure,
                    failure == null ? SweepDocument.of(report, /* failure= */ null, List.of()) : null);
        }
    }

    static ClusterDocument of(DeploymentReport report, List<AssistReport> assists) {
        NodeRefusedException topologyFailure = report.lost();
        return new ClusterDocument(
                report.label(),
                report.ending(),
                report.success(),
                report.visited(),
                report.reclaimed(),
                report.exact(),
                report.reports().stream().mapToLong(SweepReport::steps).sum(),
                Amounts.rounded(Amounts.seconds(report.elapsed())),
                Amounts.keysPerSecond(report.visited(), report.elapsed()),
                Amounts.rounded(Amounts.milliseconds(report.longestStall())),
                report.uncovered().toString(),
                report.unassigned().toString(),
                report.orphans(),
                report.outcomes().stream().map(ShardDocument::of).toList(),
                topologyFailure == null ? null : topologyFailure.getMessage(),
                assists.stream().map(AssistDocument::of).toList());
    }
}
