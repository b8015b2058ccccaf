package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;

/**
 * Watches whether another client swaps two databases ({@code SWAPDB}) during a sweep; the pass then starts again.
 *
 * <p>A pass visits all databases once. After a swap, a cursor of the sweep would continue among other keys, and keys
 * that were visited may be in a database that the pass has yet to visit, and the other way round. At each checkpoint,
 * the watch compares the server's count of SWAPDB calls with the count when the session (the connection) was opened.
 * Used by the sweep's thread only.
 */
final class SwapWatch {

    /** The message of the exception after a swap; {@link Recovery} recognises the exception by it. */
    static final String SWAPPED = "its databases were swapped (SWAPDB), so the pass starts again";

    /** The message of the exception after a reset of the count, which hides whether databases were swapped. */
    static final String COUNT_RESET = "its statistics were reset (CONFIG RESETSTAT), which hides whether databases were"
            + " swapped, so the pass starts again";

    /** The time in which several swaps are treated as one. */
    private static final Duration COUNTED_ONCE_IN = Duration.ofSeconds(1);

    /** The largest number of swaps in one run; one more makes the sweep fail, because it could never finish a pass. */
    private static final int MAX_SWAPS = 5;

    private final Timing timing;

    /** The number of times that swaps were found in this run; swaps within a second count once. */
    private int swapsSeen;

    /** When a swap was last counted, ns by {@link Timing#nanoTime}. */
    private long countedAt;

    SwapWatch(Timing timing) {
        this.timing = timing;
    }

    /**
     * Reads how often each command was called (INFO {@code commandstats}). The result has no fields if the server
     * refuses.
     */
    static ServerInfo readCommandStats(NodeLink link) {
        return ServerInfo.parse(link.call("INFO", "commandstats") instanceof Reply.Text reply ? reply.value() : "");
    }

    /**
     * Returns how often the server has swapped databases since it started; 0 if it does not report that.
     * {@code CONFIG RESETSTAT} sets the number to 0. {@link #check} sees that as a fall of the number, unless it was 0
     * before, and lets the pass start again.
     */
    static long swapCount(ServerInfo commandStats) {
        return commandStats
                .text("cmdstat_swapdb")
                .map(TracelessCommands::callsIn)
                .orElse(0L);
    }

    /**
     * Returns whether databases were swapped between an inspection and a later reading of INFO "commandstats".
     * {@link Checkpointer} asks it for the last checkpoint of a run. The result is always false in a cluster, which
     * does not allow SWAPDB.
     */
    static boolean swappedSince(ServerInspection inspection, ServerInfo commandStats) {
        return !inspection.summary().profile().clusterEnabled() && swapCount(commandStats) != inspection.swaps();
    }

    /**
     * Checks for a swap. Sends nothing to the server.
     *
     * @param status the server's status, read after the latest step of the session
     * @throws LinkBrokenException if databases were, or may have been, swapped since the session was opened. The sweep
     *     then opens a new session, which inspects the databases again.
     * @throws NodeRefusedException if that has happened more than {@value #MAX_SWAPS} times in this run
     */
    void check(Session session, ServerStatus status) {
        ServerInspection inspection = session.inspection();
        // A cluster does not allow SWAPDB.
        if (inspection.summary().profile().clusterEnabled()) {
            return;
        }
        long swaps = swapCount(status.info());
        if (swaps == inspection.swaps()) {
            return;
        }
        if (swaps < inspection.swaps()) {
            throw new LinkBrokenException(COUNT_RESET);
        }
        countSwap();
        if (swapsSeen > MAX_SWAPS) {
            String nodeId = session.address().toString();
            throw new NodeRefusedException(
                    nodeId,
                    Reason.NOT_RECLAIMING,
                    nodeId + " swapped its databases (SWAPDB) " + swapsSeen
                            + " times during this run, each time before a pass was complete; sweep at a faster pace, or"
                            + " between two swaps");
        }
        throw new LinkBrokenException(SWAPPED);
    }

    /**
     * Counts a swap, unless one was counted within the last second, because several swaps in a row disturb a pass only
     * once.
     */
    private void countSwap() {
        if (swapsSeen == 0 || timing.since(countedAt).compareTo(COUNTED_ONCE_IN) >= 0) {
            swapsSeen++;
            countedAt = timing.nanoTime().getAsLong();
        }
    }
}
