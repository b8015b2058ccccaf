package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
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

/** Formats how a server's memory changed during a sweep, as lines of the text that {@code keysweep sweep} prints. */
final class MemorySummary {

    private MemorySummary() {}

    /**
     * Returns one line for each fact, such as {@code memory 41.2 MiB -> 27.9 MiB (13.3 MiB less)}, indented as the
     * other lines of the summary. Facts that are not known are left out, or named as unknown.
     */
    static List<String> lines(MemoryReport report) {
        List<String> lines = new ArrayList<>();
        ServerMemory memoryAfter = report.after();
        Keyspace keysAfter = report.keysAfter();
        String scope = report.oneOfSeveral() ? ", of the one server that answers INFO" : "";
        lines.add("  memory         " + usedMemory(report) + scope);
        if (memoryAfter != null
                && report.sameProcess()
                && report.before().rssBytes() > 0
                && memoryAfter.rssBytes() > 0) {
            lines.add("  RSS            " + Amounts.change(report.before().rssBytes(), memoryAfter.rssBytes())
                    + ", fragmentation " + ratio(report.before()) + " -> " + ratio(memoryAfter));
        }
        lines.add("  by reclaiming  " + reclaimedMemory(report.reclaimed()));
        if (keysAfter != null) {
            lines.add("  keys           " + Amounts.count(report.keysBefore().totalKeys()) + " -> "
                    + Amounts.count(keysAfter.totalKeys()) + ", with a TTL "
                    + Amounts.count(report.keysBefore().totalExpires()) + " -> "
                    + Amounts.count(keysAfter.totalExpires()) + scope);
        }
        lines.add("  meanwhile      " + flow(report));
        String purge = purge(report);
        if (purge != null) {
            lines.add("  purge          " + purge);
        }
        return lines;
    }

    /**
     * Formats the used memory before and after the sweep: {@code 41.2 MiB -> 27.9 MiB (13.3 MiB less)}. The two are not
     * compared if the server has not answered at the end, or if it was restarted or replaced by a failover. The text
     * says unknown if the server does not report its memory.
     */
    static String usedMemory(MemoryReport report) {
        ServerMemory memoryAfter = report.after();
        long usedBefore = report.before().usedBytes();
        if (usedBefore == 0 || (memoryAfter != null && memoryAfter.usedBytes() == 0)) {
            return "unknown: the server does not report it";
        }
        if (memoryAfter == null) {
            return Amounts.bytes(usedBefore) + " before; at the end the server did not answer";
        }
        return report.sameProcess()
                ? Amounts.change(usedBefore, memoryAfter.usedBytes())
                : Amounts.bytes(usedBefore) + " before; not compared, as another server process answered at the end ("
                        + Amounts.bytes(memoryAfter.usedBytes()) + ")";
    }

    /**
     * Formats the result of MEMORY PURGE: {@code RSS 55.3 MiB -> 38.1 MiB (17.2 MiB less)}. Returns null if the user
     * did not ask for a purge.
     */
    static @Nullable String purge(MemoryReport report) {
        Purge purge = report.purge();
        if (purge == null) {
            return null;
        }
        if (!purge.done()) {
            return "not done: " + purge.outcome();
        }
        return purge.rssBefore() == 0 || purge.rssAfter() == 0
                ? "done; RSS unknown"
                : "RSS " + Amounts.change(purge.rssBefore(), purge.rssAfter());
    }

    /**
     * Formats the numbers of keys in one database before and after the sweep, as the continuation of a line: {@code ,
     * keys 290,000 -> 200,000, with a TTL 90,000 -> 0}. Returns an empty text if the numbers after the sweep are not
     * known, or if they describe only one of several servers behind a proxy.
     */
    static String keys(MemoryReport report, int db) {
        Keyspace keysAfter = report.keysAfter();
        if (keysAfter == null || report.oneOfSeveral()) {
            return "";
        }
        Keyspace keysBefore = report.keysBefore();
        return ", keys " + count(keysBefore.keys().get(db)) + " -> "
                + count(keysAfter.keys().get(db)) + ", with a TTL "
                + count(keysBefore.expires().get(db)) + " -> "
                + count(keysAfter.expires().get(db));
    }

    /** Formats the number of keys in a database; INFO leaves out databases that are empty, which gives null. */
    private static String count(@Nullable Long count) {
        return Amounts.count(count == null ? 0 : count);
    }

    private static String ratio(ServerMemory memory) {
        return String.format(Locale.ROOT, "%.2f", memory.fragmentationRatio());
    }

    private static String reclaimedMemory(ReclaimedBytes reclaimed) {
        Long bytes = reclaimed.bytes();
        return (bytes == null ? "unknown" : "about " + Amounts.bytes(bytes)) + " (" + reclaimed.explanation() + ")";
    }

    /** Formats how many keys others created and removed during the sweep, or why that is unknown. */
    private static String flow(MemoryReport report) {
        KeyFlow flow = report.flow();
        if (flow == null) {
            return "unknown how many other keys were created and deleted: "
                    + (report.oneOfSeveral()
                            ? "INFO describes only one of the servers"
                            : "the server did not answer, was restarted, or its counters do not add up");
        }
        return "net inflow " + Amounts.count(flow.inflow(), "key") + " (created less deleted), "
                + Amounts.count(flow.expiredElsewhere()) + " expired elsewhere, "
                + Amounts.count(flow.evicted()) + " evicted";
    }
}
