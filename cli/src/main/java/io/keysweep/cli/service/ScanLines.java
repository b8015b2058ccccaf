package io.keysweep.cli.service;

import io.keysweep.api.AssistView;
import io.keysweep.api.DatabaseView;
import io.keysweep.api.MemoryView;
import io.keysweep.api.PaceView;
import io.keysweep.api.PauseView;
import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.CoverageText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Formats scans as the text that {@code keysweep scans} prints.
 *
 * <p>A scan consists of sweeps. Each sweep is the work on one primary, and a run of a sweep is the work of one worker
 * on it. If slots of a cluster move during a scan, they are swept again in a further round.
 */
final class ScanLines {

    private ScanLines() {}

    /**
     * Returns everything that the service reports about a scan, one line for each fact, as {@code keysweep scans get}
     * shows it.
     */
    static List<String> lines(ScanView scan) {
        return lines(scan, scan.instanceId());
    }

    /**
     * Returns the lines of {@link #lines(ScanView)}, with the name of the instance if the user has given it.
     *
     * @param nameOrId argument by which the user has named the scan or its instance: a name or an id
     */
    static List<String> lines(ScanView scan, String nameOrId) {
        List<String> lines = new ArrayList<>();
        lines.add("Scan " + scan.id() + " (" + scan.scanType() + "): " + state(scan) + ", "
                + Amounts.percent(scan.fraction())
                + (scan.remainingSeconds() == null
                        ? ""
                        : ", about " + Amounts.roughly(Duration.ofSeconds(scan.remainingSeconds())) + " left"));
        lines.add("  instance       "
                + (IdResolver.isId(nameOrId) ? scan.instanceId() : nameOrId + " (" + scan.instanceId() + ")"));
        lines.add("  reclaimed      " + Amounts.count(scan.reclaimed(), "expired key")
                + (scan.exact() ? " (exact)" : " (estimated)"));

        addAssist(lines, scan);
        lines.add("  visited        " + Amounts.count(scan.visited(), "key"));
        lines.add("  longest stall  " + Amounts.millis(scan.longestStallMs()));
        addMemory(lines, scan);
        scan.databases().forEach(database -> lines.add(database(database)));
        addIfPresent(lines, "  method         ", scan.method());
        lines.add("  pace           " + pace(scan.pace()));

        addHolds(lines, scan);
        addInterruptions(lines, scan);
        addIfPresent(lines, "  failure        ", scan.failure());
        lines.add("  created        " + scan.createdAt());
        addIfPresent(lines, "  started        ", scan.startedAt());
        addIfPresent(lines, "  finished       ", scan.finishedAt());

        // The line of a single sweep would only repeat the totals above, unless a failover has moved its primary.
        boolean hasSeveralPrimaries = scan.sweeps().size() > 1;
        boolean hasMovedPrimary =
                scan.sweeps().stream().anyMatch(sweep -> !newAddress(sweep).isEmpty());
        if (hasSeveralPrimaries || hasMovedPrimary) {
            scan.sweeps().forEach(sweep -> lines.add("  " + sweep(sweep)));
        }
        return lines;
    }

    /** Returns the state, for example {@code failed (expired)} if the ending says more than the state. */
    private static String state(ScanView scan) {
        return scan.ending() == null || scan.ending().equals(scan.state())
                ? scan.state()
                : scan.state() + " (" + scan.ending() + ")";
    }

    /**
     * Adds the number of keys that assist has reclaimed on each primary, by the server's own count, and how assist has
     * ended. Assist raises settings of the server for a while, so that the server itself removes more expired keys.
     */
    private static void addAssist(List<String> lines, ScanView scan) {
        for (SweepView sweep : scan.sweeps()) {
            AssistView assist = sweep.assist();
            if (assist != null) {
                lines.add("  assist         " + Amounts.count(assist.reclaimed(), "expired key")
                        + " by the server's own count"
                        + (scan.sweeps().size() > 1 ? " on " + sweep.nodeId() : "")
                        + (assist.reason() == null ? ", goes on" : ": " + assist.reason())
                        + (assist.settings() == null ? "" : "; " + assist.settings()));
            }
        }
    }

    /**
     * Adds how memory and keys of the server have changed, as far as the service knows it. The net inflow is the number
     * of keys that others created during the scan, minus the number that they deleted.
     */
    private static void addMemory(List<String> lines, ScanView scan) {
        if (scan.usedMemoryBefore() != null) {
            lines.add("  memory         "
                    + (scan.usedMemoryAfter() == null
                            ? Amounts.bytes(scan.usedMemoryBefore()) + " at the start"
                            : Amounts.change(scan.usedMemoryBefore(), scan.usedMemoryAfter())));
        }
        MemoryView memory = scan.memory();
        if (memory.rssBefore() != null && memory.rssAfter() != null) {
            lines.add("  RSS            " + Amounts.change(memory.rssBefore(), memory.rssAfter()));
        }
        if (memory.method() != null) {
            lines.add("  by reclaiming  "
                    + (memory.reclaimedBytes() == null ? "unknown" : "about " + Amounts.bytes(memory.reclaimedBytes()))
                    + " (" + memory.explanation() + ")");
        }
        if (memory.keysBefore() != null && memory.expiresBefore() != null) {
            lines.add("  keys           " + keys(memory.keysBefore(), memory.keysAfter()) + ", with a TTL "
                    + keys(memory.expiresBefore(), memory.expiresAfter()));
        }
        if (memory.inflow() != null && memory.expiredElsewhere() != null && memory.evicted() != null) {
            lines.add("  meanwhile      net inflow " + Amounts.count(memory.inflow(), "key") + ", "
                    + Amounts.count(memory.expiredElsewhere()) + " expired elsewhere, "
                    + Amounts.count(memory.evicted()) + " evicted");
        }
        addIfPresent(lines, "  note           ", memory.note());
    }

    /**
     * Adds the current hold, a time in which the scan makes no progress, and one line for each reason of earlier holds.
     */
    private static void addHolds(List<String> lines, ScanView scan) {
        PauseView pause = scan.pause();
        addIfPresent(
                lines,
                scan.state().equals("paused") ? "  paused         " : "  held           ",
                pause == null ? scan.hold() : scan.hold() + " (" + pause.scope() + ", since " + pause.since() + ")");
        scan.holds()
                .forEach(held -> lines.add("  was held       " + Amounts.roughly(Duration.ofMillis(held.heldMs()))
                        + (held.times() == 1 ? ": " : ", " + held.times() + " times: ") + held.reason()));
    }

    /** Adds when and why runs were interrupted, for example because a worker was stopped. */
    private static void addInterruptions(List<String> lines, ScanView scan) {
        scan.sweeps()
                .forEach(sweep -> sweep.interruptions()
                        .forEach(interruption -> lines.add("  interrupted    " + interruption.at() + ", run "
                                + interruption.run() + " on " + sweep.nodeId() + ": " + interruption.reason()
                                + (interruption.worker() == null ? "" : " (" + interruption.worker() + ")"))));
    }

    /** Returns a number of keys and, if it is known, the number after the scan. */
    private static String keys(long before, @Nullable Long after) {
        return Amounts.count(before) + (after == null ? "" : " -> " + Amounts.count(after));
    }

    /** Formats the pace: profile, longest time of a step, share of the server's time, rate, and who has changed it. */
    private static String pace(PaceView pace) {
        return (pace.profile() == null ? "" : pace.profile() + ", ") + Amounts.millis(pace.stallBudgetMs())
                + " a step, share " + pace.share()
                + (pace.rateCeiling() == null ? "" : ", at most " + Amounts.count(pace.rateCeiling()) + " keys/s")
                + tuning(pace);
    }

    /** Returns who has changed the pace and why, in brackets; an empty text if nobody has. */
    private static String tuning(PaceView pace) {
        if (pace.tunedBy() == null) {
            return "";
        }
        return " (tuned by " + pace.tunedBy() + (pace.tunedWhy() == null ? "" : ": " + pace.tunedWhy()) + ")";
    }

    /** Returns the line of a sweep. The number of its round is shown from the second round on. */
    private static String sweep(SweepView sweep) {
        return (sweep.round() > 1 ? "round " + sweep.round() + " " : "") + sweep.nodeId() + newAddress(sweep) + "  "
                + Amounts.percent(sweep.fraction()) + ", " + Amounts.count(sweep.reclaimed()) + " reclaimed, "
                + Amounts.count(sweep.visited()) + " visited  (" + state(sweep) + ")";
    }

    /** Returns why a sweep is on hold or has failed, or else the state of the sweep in one word. */
    private static String state(SweepView sweep) {
        if (sweep.hold() != null) {
            return "held: " + sweep.hold();
        }
        if (sweep.failure() != null) {
            return sweep.failure();
        }
        if (sweep.finished()) {
            return "done";
        }
        // Without a run, no worker has begun the sweep.
        return sweep.runs() == 0 ? "waiting" : "running";
    }

    /** Returns the address of the primary after a failover, as the continuation of a line; empty if there was none. */
    private static String newAddress(SweepView sweep) {
        return sweep.primary() == null || sweep.primary().equals(sweep.nodeId()) ? "" : ", now " + sweep.primary();
    }

    private static String database(DatabaseView database) {
        return String.format(
                "  %-13s  visited %s, reclaimed %s%s%s",
                "db " + database.db(),
                Amounts.count(database.visited()),
                Amounts.count(database.reclaimed()),
                database.keysBefore() == null ? "" : ", keys " + keys(database.keysBefore(), database.keysAfter()),
                CoverageText.suffix(database.coverage()));
    }

    private static void addIfPresent(List<String> lines, String label, @Nullable Object value) {
        if (value != null) {
            lines.add(label + value);
        }
    }
}
