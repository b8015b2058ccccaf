package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep of one primary has done.
 *
 * @param nodeId {@code host:port}
 * @param profile the server and the method
 * @param ending how it ended
 * @param visited keys visited, over all runs of this sweep; a few are met twice, and where key names are kept off the
 *     wire this is an estimate
 * @param reclaimed expired keys reclaimed, over all runs of this sweep
 * @param exact false where a step was in doubt after a crash and other expiry ran beside it, so that {@code reclaimed}
 *     is the best estimate rather than an exact count
 * @param steps reclaim calls in this run
 * @param elapsed time of this run
 * @param longestStall longest step of this run, by the server's own measure where the method brings it, else as seen
 *     from here, with the noise of the way
 * @param covered slots that the primary served all the time from the start of the pass to its end, so that every key of
 *     theirs was visited; none if the pass came to no end, all of them outside a cluster
 * @param orphans keys that the node holds of slots that it does not serve, by slot: left behind by a migration that was
 *     broken off, or by {@code CLUSTER DELSLOTS}
 * @param memory what this run has done to the memory of the server
 * @param databases counts a database, in this run
 */
public record SweepReport(
        String nodeId,
        ServerProfile profile,
        Ending ending,
        long visited,
        long reclaimed,
        boolean exact,
        long steps,
        Duration elapsed,
        Duration longestStall,
        MemoryReport memory,
        SlotSet covered,
        SortedMap<Integer, Long> orphans,
        List<DatabaseCount> databases) {

    public SweepReport {
        databases = List.copyOf(databases);
    }

    /** INFO {@code used_memory} when this run began, bytes. */
    public long usedMemoryBefore() {
        return memory.before().usedBytes();
    }

    /** The same when it had ended; null if the server did not answer any more. */
    public @Nullable Long usedMemoryAfter() {
        ServerMemory after = memory.after();
        return after == null ? null : (Long) after.usedBytes();
    }

    /** How a sweep ends when nothing goes wrong. */
    public enum Ending {
        /** Every segment of every database was covered. */
        COMPLETED,
        /** The deadline came first. */
        TIMED_OUT,
        /** {@link SweepControl#cancel()} came first. */
        CANCELLED
    }

    /**
     * Counts of one database.
     *
     * @param db database number
     * @param visited keys visited
     * @param reclaimed expired keys reclaimed
     */
    public record DatabaseCount(int db, long visited, long reclaimed) {}
}
