package io.keysweep.cli.estimate;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.AdviceSummary;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateTotal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Formats estimates as the text that {@code keysweep estimate} prints.
 *
 * <p>The text shows the number of dead keys (expired keys that still hold memory), their share of the keys with a TTL,
 * and their memory.
 */
final class EstimateSummary {

    private EstimateSummary() {}

    /**
     * Returns the lines of the estimate of one primary.
     *
     * @param top the number of prefixes to show, if they were requested
     */
    static List<String> lines(Estimate estimate, int top) {
        List<String> lines = new ArrayList<>();
        lines.add("Backlog of " + estimate.nodeId() + ", " + method(estimate) + ".");
        lines.add("  dead keys  " + dead(estimate.exact(), estimate.dead(), estimate.lowest(), estimate.highest()));
        lines.add(share(estimate.shareOfVolatile(), estimate.volatileKeys(), estimate.keys()));
        lines.add(memory(estimate.deadBytes()));
        lines.add("  sample     " + Amounts.count(estimate.sampledKeys(), "key") + " in "
                + Amounts.count(estimate.calls(), "call")
                + (estimate.method() == Estimate.Method.PRIMARY_SAMPLE
                        ? "; sampling has reclaimed " + Amounts.count(estimate.reclaimed()) + " of the dead keys"
                        : "; no key was removed"));
        addExpirableHashes(estimate.expirableHashes(), lines);
        lines.add("  a sweep    " + SweepTimes.text(estimate.cost()));
        lines.addAll(InsightSummary.lines(EstimateTotal.insight(List.of(estimate), top)));
        lines.addAll(AdviceSummary.lines(estimate.advice()));
        return lines;
    }

    /**
     * Returns the lines of each primary of a cluster. Then come one line for each primary that could not be estimated,
     * and the lines of the sum. There is no sum if no primary could be estimated.
     *
     * @param top the number of prefixes to show, if they were requested
     */
    static List<String> ofCluster(List<Estimate> estimates, List<RefusedNode> refusedNodes, int top) {
        List<String> lines = new ArrayList<>();
        estimates.forEach(estimate -> lines.addAll(lines(estimate, top)));
        refusedNodes.forEach(node -> lines.add("NOT ESTIMATED: " + node.message()));
        if (estimates.isEmpty()) {
            return lines;
        }
        EstimateTotal total = EstimateTotal.of(estimates);
        lines.add(totalHeading(estimates.size(), refusedNodes.isEmpty()));
        lines.add("  dead keys  " + dead(total.exact(), total.dead(), total.lowest(), total.highest()));
        lines.add(share(total.shareOfVolatile(), total.volatileKeys(), total.keys()));
        lines.add(memory(total.deadBytes()));
        addExpirableHashes(total.expirableHashes(), lines);
        lines.add("  a sweep    " + SweepTimes.text(total.cost()) + ", one primary after the other");
        lines.addAll(InsightSummary.lines(EstimateTotal.insight(estimates, top)));
        lines.addAll(AdviceSummary.lines(EstimateTotal.advice(estimates)));
        return lines;
    }

    /**
     * Returns the heading of the sums.
     *
     * @param primaries number of primaries that were estimated
     * @param isComplete whether these are all primaries of the cluster
     */
    private static String totalHeading(int primaries, boolean isComplete) {
        if (isComplete) {
            return primaries == 1 ? "The only primary." : "All " + primaries + " primaries together.";
        }
        return primaries == 1
                ? "The only primary that was estimated."
                : "The " + primaries + " primaries that were estimated, together.";
    }

    /** Adds that there are hashes whose fields have a TTL, unless there are none. */
    private static void addExpirableHashes(long hashes, List<String> lines) {
        if (hashes > 0) {
            lines.add("  fields     " + Amounts.count(hashes, "hash") + (hashes == 1 ? " has" : " have")
                    + " fields with a TTL, of which a sweep reclaims none");
        }
    }

    private static String share(double shareOfVolatile, long volatileKeys, long keys) {
        return "  share      " + Amounts.percent(shareOfVolatile, 1) + " of " + Amounts.count(volatileKeys, "key")
                + " with a TTL (" + Amounts.count(keys, "key") + " in all)";
    }

    private static String memory(@Nullable Long bytes) {
        return "  memory     "
                + (bytes == null
                        ? "unknown"
                        : "about " + Amounts.bytes(bytes) + " (dead keys x used_memory_dataset / keys)");
    }

    /** Formats a number of dead keys: a count if every key was visited, else with its 95 % interval. */
    private static String dead(boolean exact, long dead, long lowest, long highest) {
        return exact
                ? Amounts.count(dead) + " (every key visited)"
                : "about " + Amounts.count(dead) + ", with 95 % certainty from " + Amounts.count(lowest) + " to "
                        + Amounts.count(highest);
    }

    /** Formats how and on which server the number was found. */
    private static String method(Estimate estimate) {
        String server = estimate.countedOn() + " (" + ServerName.of(estimate.flavour(), estimate.version()) + ")";
        return switch (estimate.method()) {
            case REPLICA_PASS -> "counted on replica " + server;
            case REPLICA_SAMPLE -> "sampled on replica " + server;
            case PRIMARY_SAMPLE -> "sampled on the primary, " + server;
        };
    }
}
