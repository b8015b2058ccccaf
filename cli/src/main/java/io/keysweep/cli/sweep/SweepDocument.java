package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.SweepReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON form of a {@link SweepReport}, a part of what {@code keysweep sweep --json} prints: of
 * {@link ServerDocument} and {@link ClusterDocument}. The names of times state their units. Components without a
 * comment have the names and meanings of {@link SweepReport}.
 *
 * @param seconds duration of the sweep
 * @param keysPerSecond visited keys per second of that duration
 * @param longestStallMs longest time in milliseconds for which one step has kept the server busy
 * @param databases counts of each database that was visited or is covered, by number
 * @param failure why the sweep failed; null if {@code ending} is not {@code FAILED}. In a cluster, {@code
 *     ShardDocument.failure} has the reason
 * @param assist what assist did before the sweep; null without {@code --assist}, and for a shard of a cluster, whose
 *     assists are in {@link ClusterDocument}
 */
record SweepDocument(
        String nodeId,
        ServerProfile profile,
        SweepReport.Ending ending,
        long visited,
        long reclaimed,
        boolean exact,
        long steps,
        double seconds,
        long keysPerSecond,
        double longestStallMs,
        MemoryReport memory,
        List<DatabaseResult> databases,
        @Nullable String failure,
        @Nullable AssistDocument assist) {

    static SweepDocument of(SweepReport report, @Nullable String failure, List<AssistReport> assists) {
        return new SweepDocument(
                report.nodeId(),
                report.profile(),
                report.ending(),
                report.visited(),
                report.reclaimed(),
                report.exact(),
                report.steps(),
                Amounts.rounded(Amounts.seconds(report.elapsed())),
                Amounts.keysPerSecond(report.visited(), report.elapsed()),
                Amounts.rounded(Amounts.milliseconds(report.longestStall())),
                report.memory(),
                DatabaseResult.of(report),
                failure,
                assists.isEmpty() ? null : AssistDocument.of(assists.getFirst()));
    }
}
