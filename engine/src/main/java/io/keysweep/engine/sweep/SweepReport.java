package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of a sweep of one primary.
 *
 * @param nodeId {@code host:port}
 * @param profile the kind of server, and the reclaim method
 * @param ending how the run ended
 * @param visited keys visited, over all runs of this sweep; a few are visited twice, and with a method that keeps key
 *     names off the network without a script it is an estimate
 * @param reclaimed expired keys reclaimed, over all runs of this sweep
 * @param exact whether {@code reclaimed} is an exact count; false if uncertain steps could only be estimated, since
 *     others expired keys too, or if the method is not atomic
 * @param steps reclaim steps in this run
 * @param elapsed the duration of this run, without measuring memory at its end
 * @param longestStall the longest time that a step of this run kept the server busy: by the server's own measure if the
 *     method reports it (scripts), else by the round trip, which includes noise
 * @param memory the server's memory before and after this run
 * @param covered slots that the primary served from the start of the pass to its end, so that every key in them was
 *     visited; none if the pass is not complete, all slots outside a cluster
 * @param orphans number of keys by slot that the node holds of slots that it does not serve: left behind by a
 *     broken-off migration, or by {@code CLUSTER DELSLOTS}
 * @param databases counts of each database, in this run
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

    /** Returns INFO {@code used_memory} when this run began, bytes. */
    public long usedMemoryBefore() {
        return memory.before().usedBytes();
    }

    /** Returns INFO {@code used_memory} after this run, bytes; null if the server did not answer. */
    public @Nullable Long usedMemoryAfter() {
        ServerMemory after = memory.after();
        return after == null ? null : (Long) after.usedBytes();
    }

    /** An ending says how a run that did not fail has ended. */
    public enum Ending {
        /** Every segment of every database is covered. */
        COMPLETED,
        /** The deadline passed. */
        TIMED_OUT,
        /** {@link SweepControl#cancel()} was called. */
        CANCELLED
    }

    /**
     * Holds the counts of one database.
     *
     * @param db database number
     * @param visited keys visited
     * @param reclaimed expired keys reclaimed
     */
    public record DatabaseCount(int db, long visited, long reclaimed) {}
}
