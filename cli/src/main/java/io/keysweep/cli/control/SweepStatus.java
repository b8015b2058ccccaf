package io.keysweep.cli.control;

import io.keysweep.api.text.Amounts;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Describes the progress and pace of a running sweep; {@code keysweep sweeps} prints it as a line or as JSON.
 *
 * @param pid id of the sweep's process
 * @param server URI of the server, without credentials
 * @param startedAt start of the sweep
 * @param fraction part of the key space that is done, 0 to 1
 * @param visited number of keys visited
 * @param reclaimed number of expired keys reclaimed
 * @param longestStallMs longest step so far, in milliseconds
 * @param stallBudgetMs longest time that a step may take, in milliseconds
 * @param share largest part of the server's main-thread time that the sweep may take, 0 to 1
 * @param rateCeiling maximum number of keys visited per second, or null for no limit
 * @param hold reason why the sweep sends no steps at present, or null if it is not on hold
 */
public record SweepStatus(
        long pid,
        String server,
        Instant startedAt,
        double fraction,
        long visited,
        long reclaimed,
        double longestStallMs,
        double stallBudgetMs,
        double share,
        @Nullable Long rateCeiling,
        @Nullable String hold) {

    /** Returns the status as one line of text. */
    String line() {
        return pid + "  " + server + "  " + Amounts.percent(fraction) + ", " + Amounts.count(visited) + " visited, "
                + Amounts.count(reclaimed) + " reclaimed  "
                + String.format(Locale.ROOT, "%s a step, share %s", Amounts.millis(stallBudgetMs), share)
                + (rateCeiling == null ? "" : ", at most " + Amounts.count(rateCeiling) + " keys/s")
                + (hold == null ? "" : "  (held: " + hold + ")");
    }
}
