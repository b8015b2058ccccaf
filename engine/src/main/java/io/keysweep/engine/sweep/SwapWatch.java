package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watches whether databases are swapped ({@code SWAPDB}) under a sweep. Its cursors then go on among other keys, and what
 * it has covered is another database now, so the pass starts again. Used by the sweep's thread.
 */
final class SwapWatch {

    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Whoever swaps more often than this in one run swaps as a matter of course. */
    private static final int MOST = 5;

    private static final Pattern STATISTICS = Pattern.compile("calls=(\\d{1,18}),.*");

    private final Timing timing;
    private long looked;
    private int seen;

    SwapWatch(Timing timing) {
        this.timing = timing;
        looked = timing.nanoTime().getAsLong();
    }

    /**
     * How often the server has swapped databases since it was started; 0 if it does not tell. {@code CONFIG RESETSTAT}
     * sets it back, which counts as another swap.
     */
    static long swaps(NodeLink link) {
        if (!(link.call("INFO", "commandstats") instanceof Reply.Text reply)) {
            return 0;
        }
        return ServerInfo.parse(reply.value())
                .text("cmdstat_swapdb")
                .map(STATISTICS::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Long.parseLong(matcher.group(1)))
                .orElse(0L);
    }

    /** Looks, if it is time; else like {@link #look}. */
    void lookIfDue(Session session) {
        if (timing.since(looked).compareTo(EVERY) >= 0) {
            look(session);
        }
    }

    /**
     * Looks now.
     *
     * @throws LinkBrokenException if there was a swap since the session was opened; a new one has the databases as they are
     * @throws NodeRefusedException if there were too many
     */
    void look(Session session) {
        looked = timing.nanoTime().getAsLong();
        ServerInspection serverInspection = session.serverInspection();
        // A cluster has no SWAPDB.
        if (serverInspection.inspection().profile().clusterEnabled() || session.swaps() == serverInspection.swaps()) {
            return;
        }
        if (++seen > MOST) {
            String nodeId = session.address().toString();
            throw new NodeRefusedException(
                    nodeId,
                    Reason.NOT_RECLAIMING,
                    nodeId + " swaps its databases (SWAPDB) again and again, " + seen
                            + " times in this run, before a pass is done; sweep with a faster pace, or between two swaps");
        }
        throw new LinkBrokenException("its databases were swapped (SWAPDB), so the pass starts again", null);
    }
}
