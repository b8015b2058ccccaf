package io.keysweep.cli.estimate;

import io.keysweep.cli.shell.Amounts;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.estimate.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An estimate as a person reads it. */
final class EstimateSummary {

    private EstimateSummary() {}

    static List<String> lines(Estimate estimate) {
        List<String> lines = new ArrayList<>();
        lines.add("Backlog of " + estimate.nodeId() + ", " + way(estimate) + ".");
        lines.add("  dead keys  " + dead(estimate));
        lines.add(String.format(
                Locale.ROOT,
                "  share      %.1f %% of %,d keys with a TTL (%,d keys in all)",
                100 * estimate.shareOfVolatile(),
                estimate.volatileKeys(),
                estimate.keys()));
        Long bytes = estimate.deadBytes();
        lines.add("  memory     "
                + (bytes == null
                        ? "unknown"
                        : "about " + Amounts.bytes(bytes) + " (dead keys x used_memory_dataset / keys)"));
        lines.add("  sample     " + Amounts.count(estimate.sampledKeys()) + " keys in "
                + Amounts.count(estimate.calls()) + " calls"
                + (estimate.way() == Estimate.Way.PRIMARY_SAMPLE
                        ? "; it has reclaimed " + Amounts.count(estimate.reclaimed()) + " of the dead keys"
                        : "; no key was removed"));
        lines.add("  a sweep    " + SweepTimes.text(estimate.cost()));
        return lines;
    }

    private static String dead(Estimate estimate) {
        return estimate.exact()
                ? Amounts.count(estimate.dead()) + " (every key passed)"
                : "about " + Amounts.count(estimate.dead()) + ", with 95 % certainty from "
                        + Amounts.count(estimate.lowest()) + " to " + Amounts.count(estimate.highest());
    }

    private static String way(Estimate estimate) {
        String server = estimate.countedOn() + " (" + ServerName.of(estimate.flavour(), estimate.version()) + ")";
        return switch (estimate.way()) {
            case REPLICA_PASS -> "counted on replica " + server;
            case REPLICA_SAMPLE -> "sampled on replica " + server;
            case PRIMARY_SAMPLE -> "sampled on the primary, " + server;
        };
    }
}
