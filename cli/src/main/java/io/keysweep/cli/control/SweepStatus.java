package io.keysweep.cli.control;

import io.keysweep.api.text.Amounts;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a sweep on this machine stands.
 *
 * @param pid its process
 * @param server URI of the server, without credentials
 * @param startedAt when it began
 * @param fraction how much of the key space is done, 0 to 1
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param longestStallMs longest step so far, milliseconds
 * @param stallBudgetMs longest time a step may take, milliseconds
 * @param share largest share of the server's time
 * @param rateCeiling most keys visited a second, or null
 * @param hold why it rests at the moment, or null
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

    /** For people, on one line. */
    String line() {
        return pid + "  " + server + "  " + Amounts.percent(fraction) + ", " + Amounts.count(visited) + " visited, "
                + Amounts.count(reclaimed) + " reclaimed  "
                + String.format(Locale.ROOT, "%s a step, share %s", Amounts.millis(stallBudgetMs), share)
                + (rateCeiling == null ? "" : ", at most " + Amounts.count(rateCeiling) + " keys/s")
                + (hold == null ? "" : "  (on hold: " + hold + ")");
    }
}
