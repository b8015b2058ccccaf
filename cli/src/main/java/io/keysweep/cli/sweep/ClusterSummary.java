package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.CoverageText;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.ShardOutcome;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Formats the report of a cluster's sweep as the text that {@code keysweep sweep} prints.
 *
 * <p>Slots are the parts of a cluster's key space, and a shard is the part that one primary serves. A slot is covered
 * if one primary served it from the start of its sweep to the end. Slots that move to another primary during a sweep
 * are swept in another round. Orphans are keys on a node that does not serve their slot, so no client can reach them.
 */
final class ClusterSummary {

    private ClusterSummary() {}

    /** Returns a heading, the totals of the cluster, and one line for each sweep of a shard. */
    static List<String> lines(DeploymentReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("Swept the cluster " + report.label() + ": " + ending(report) + ".");
        lines.add("  reclaimed      " + Amounts.count(report.reclaimed(), "expired key") + " ("
                + (report.exact() ? "exact" : "estimated: not every step could be counted for sure") + ")");
        lines.add("  visited        " + Amounts.count(report.visited(), "key") + ", "
                + Amounts.count(Amounts.keysPerSecond(report.visited(), report.elapsed())) + " keys/s");
        lines.add("  covered        " + coveredSlots(report));
        lines.add("  longest stall  " + Amounts.millis(Amounts.milliseconds(report.longestStall())));
        if (!report.unassigned().isEmpty()) {
            lines.add("  unassigned     slots " + report.unassigned()
                    + " are served by no node: their keys cannot be reached");
        }
        report.orphans()
                .forEach((slot, keys) -> lines.add("  orphans        slot " + slot + ": " + Amounts.count(keys, "key")
                        + " on a node that does not serve it"));
        report.outcomes().forEach(outcome -> lines.add(line(outcome)));
        NodeRefusedException topologyFailure = report.topologyFailure();
        if (topologyFailure != null) {
            lines.add("  the primaries could not be found again: " + topologyFailure.getMessage());
        }
        return lines;
    }

    /** Formats how many of the slots that have a primary are covered, and names the others. */
    private static String coveredSlots(DeploymentReport report) {
        int servedSlots = SlotSet.COUNT - report.unassigned().size();
        int rounds =
                report.outcomes().stream().mapToInt(ShardOutcome::round).max().orElse(0);
        String slots = Amounts.count(servedSlots - report.uncovered().size()) + " of " + Amounts.count(servedSlots)
                + " slots from start to end, in " + Amounts.count(rounds, "round");
        return report.uncovered().isEmpty() ? slots : slots + "; not " + report.uncovered();
    }

    /** Formats the sweep of one shard: its counts and memory, or why it could not be finished. */
    private static String line(ShardOutcome outcome) {
        String where = "  " + outcome.shard().primary();
        SweepReport report = outcome.report();
        NodeRefusedException refusal = outcome.refusal();
        if (report == null) {
            return where + "  reclaimed " + Amounts.count(outcome.reclaimed()) + ", then: "
                    + (refusal == null ? "ended" : refusal.getMessage());
        }
        // After a failover another node is the primary of the shard.
        String newAddress = report.nodeId().equals(outcome.shard().primary().toString())
                ? ""
                : ", in the end on " + report.nodeId();
        return where + " (" + ServerName.of(report.profile()) + newAddress + ")  visited "
                + Amounts.count(outcome.visited()) + ", reclaimed " + Amounts.count(outcome.reclaimed()) + ", memory "
                + memory(report) + coverage(report);
    }

    /**
     * Returns which databases of a primary are covered without a complete visit, because they have no key with a TTL.
     * The text is usually empty, since there are none.
     */
    private static String coverage(SweepReport report) {
        return DatabaseResult.of(report).stream()
                .filter(database -> database.coverage() == DatabaseCoverage.NO_TTL)
                .map(database -> "; db " + database.db() + " " + CoverageText.of(database.coverageName()))
                .collect(Collectors.joining());
    }

    private static String memory(SweepReport report) {
        String purge = MemorySummary.purge(report.memory());
        return MemorySummary.usedMemory(report.memory()) + (purge == null ? "" : ", purge " + purge);
    }

    private static String ending(DeploymentReport report) {
        String time = Amounts.duration(report.elapsed());
        return switch (report.ending()) {
            case FAILED -> "failed after " + time + ", not every key was visited";
            case COMPLETED ->
                report.success() ? "done in " + time : "ended after " + time + ", not every slot was covered";
            case TIMED_OUT -> "timed out after " + time + ", not every key was visited";
            case CANCELLED -> "interrupted after " + time + ", not every key was visited";
        };
    }
}
