package io.keysweep.cli.sweep;

import io.keysweep.cli.shell.Amounts;
import io.keysweep.engine.sweep.KeyFlow;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.Purge;
import io.keysweep.engine.sweep.ReclaimedBytes;
import io.keysweep.engine.sweep.ServerMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a sweep has done to the memory of its server, as a person reads it. */
final class MemorySummary {

    private MemorySummary() {}

    static List<String> lines(MemoryReport report) {
        List<String> lines = new ArrayList<>();
        ServerMemory before = report.before();
        ServerMemory after = report.after();
        Keyspace keysAfter = report.keysAfter();
        if (after == null || keysAfter == null) {
            lines.add("  memory         " + Amounts.bytes(before.usedBytes())
                    + " before; then the server did not answer any more");
        } else {
            lines.add("  memory         " + Amounts.change(before.usedBytes(), after.usedBytes()));
            lines.add("  RSS            " + Amounts.change(before.rssBytes(), after.rssBytes()) + ", fragmentation "
                    + ratio(before) + " -> " + ratio(after));
        }
        lines.add("  by reclaiming  " + reclaimed(report.reclaimed()));
        if (keysAfter != null) {
            lines.add("  keys           " + Amounts.count(report.keysBefore().totalKeys()) + " -> "
                    + Amounts.count(keysAfter.totalKeys()) + ", with a TTL "
                    + Amounts.count(report.keysBefore().totalExpires()) + " -> "
                    + Amounts.count(keysAfter.totalExpires()));
        }
        lines.add("  meanwhile      " + flow(report.flow()));
        Purge purge = report.purge();
        if (purge != null) {
            lines.add("  purge          "
                    + (purge.done()
                            ? "RSS " + Amounts.change(purge.rssBefore(), purge.rssAfter())
                            : "not done: " + purge.outcome()));
        }
        return lines;
    }

    /** {@code , keys 290,000 -> 200,000, with a TTL 90,000 -> 0} of one database. */
    static String keys(MemoryReport report, int db) {
        Keyspace after = report.keysAfter();
        if (after == null) {
            return "";
        }
        Keyspace before = report.keysBefore();
        return ", keys " + count(before.keys().get(db)) + " -> "
                + count(after.keys().get(db)) + ", with a TTL "
                + count(before.expires().get(db)) + " -> "
                + count(after.expires().get(db));
    }

    private static String count(@Nullable Long count) {
        return Amounts.count(count == null ? 0 : count);
    }

    private static String ratio(ServerMemory memory) {
        return String.format(Locale.ROOT, "%.2f", memory.fragmentationRatio());
    }

    private static String reclaimed(ReclaimedBytes reclaimed) {
        Long bytes = reclaimed.bytes();
        return (bytes == null ? "unknown" : "about " + Amounts.bytes(bytes)) + " (" + reclaimed.reckoning() + ")";
    }

    private static String flow(@Nullable KeyFlow flow) {
        return flow == null
                ? "what came and went is unknown: no answer, another process, or counters that do not add up"
                : "net inflow " + Amounts.count(flow.inflow()) + " keys (created less deleted), "
                        + Amounts.count(flow.expiredElsewhere()) + " expired elsewhere, "
                        + Amounts.count(flow.evicted()) + " evicted";
    }
}
