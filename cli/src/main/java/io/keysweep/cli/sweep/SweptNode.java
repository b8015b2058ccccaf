package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.deployment.ShardOutcome;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the sweep of one primary in {@link SweepDocument}. Components without a comment have the names and meanings
 * of {@link SweepReport}.
 *
 * <p>If a node of a cluster could not be swept to its end, there is no report. Then {@code failure} has the reason, and
 * the components from {@code ending} on are null or empty.
 *
 * @param nodeId address of the primary
 * @param round number of the round, from 1; slots that have moved are swept again in another round
 * @param slots slots that the sweep had to cover; all of them outside a cluster
 * @param covered slots that one primary served from the start of the sweep to its end
 * @param visited number of keys, live and expired, that the sweep has visited
 * @param reclaimed number of expired keys that the sweep has removed
 * @param exact whether {@code reclaimed} is a count; false if it is an estimate
 * @param failure why the sweep could not be finished; null if it was
 * @param seconds duration of the sweep
 * @param keysPerSecond visited keys per second of that duration
 * @param longestStallMs longest time in milliseconds for which one step has kept the server busy
 * @param databases counts of each database that was visited or is covered, by number
 */
record SweptNode(
        String nodeId,
        int round,
        String slots,
        String covered,
        long visited,
        long reclaimed,
        boolean exact,
        @Nullable String failure,
        SweepReport.@Nullable Ending ending,
        @Nullable Long steps,
        @Nullable Double seconds,
        @Nullable Long keysPerSecond,
        @Nullable Double longestStallMs,
        @Nullable ServerProfile profile,
        @Nullable MemoryReport memory,
        List<DatabaseResult> databases) {

    /** Describes the sweep of one shard of a cluster, the part that one primary serves. */
    static SweptNode of(ShardOutcome outcome) {
        SweepReport report = outcome.report();
        String nodeId = outcome.shard().primary().toString();
        String slots = outcome.shard().slots().toString();
        if (report != null) {
            return of(report, nodeId, outcome.round(), slots, outcome.covered(), /* failure= */ null);
        }
        NodeRefusedException refusal = outcome.refusal();
        return new SweptNode(
                nodeId,
                outcome.round(),
                slots,
                outcome.covered().toString(),
                outcome.visited(),
                outcome.reclaimed(),
                outcome.exact(),
                refusal == null ? null : refusal.getMessage(),
                /* ending= */ null,
                /* steps= */ null,
                /* seconds= */ null,
                /* keysPerSecond= */ null,
                /* longestStallMs= */ null,
                /* profile= */ null,
                /* memory= */ null,
                List.of());
    }

    /**
     * Describes the sweep of a server outside a cluster, which has all slots.
     *
     * @param failure why the sweep has failed, or null if it has not
     */
    static SweptNode of(SweepReport report, @Nullable String failure) {
        return of(report, report.nodeId(), /* round= */ 1, SlotSet.ALL.toString(), report.covered(), failure);
    }

    private static SweptNode of(
            SweepReport report, String nodeId, int round, String slots, SlotSet covered, @Nullable String failure) {
        return new SweptNode(
                nodeId,
                round,
                slots,
                covered.toString(),
                report.visited(),
                report.reclaimed(),
                report.exact(),
                failure,
                report.ending(),
                report.steps(),
                Amounts.rounded(Amounts.seconds(report.elapsed())),
                Amounts.keysPerSecond(report.visited(), report.elapsed()),
                Amounts.rounded(Amounts.milliseconds(report.longestStall())),
                report.profile(),
                report.memory(),
                DatabaseResult.of(report));
    }
}
