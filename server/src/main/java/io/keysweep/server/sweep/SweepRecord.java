package io.keysweep.server.sweep;

import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes a stored sweep, the part of a scan that visits one primary. The counts are from its last checkpoint, or
 * from its report if the sweep has ended with one.
 *
 * @param scanId id of the scan that the sweep belongs to
 * @param round number of the round, 1 for the first; slots of a cluster that have moved are swept again in a further
 *     round
 * @param nodeId in a cluster the address {@code host:port} that the primary had when the sweep was planned; otherwise
 *     the label of the deployment
 * @param slots slots (parts of the key space of a cluster) that the sweep must cover; all slots outside a cluster
 * @param covered slots that the primary served from the start of the sweep to the end; null until the sweep has ended,
 *     and empty if it ended without a report
 * @param orphans number of keys on the primary whose slots it does not serve; 0 until the sweep has ended with a report
 * @param finished whether the sweep has ended, with or without success
 * @param failure why the sweep has failed, in words for users; null if it has not failed
 * @param visited number of keys that the sweep has visited
 * @param reclaimed number of expired keys that the sweep has reclaimed
 * @param exact whether {@code reclaimed} is a count and not an estimate
 * @param fraction completed part of the key space, 0 to 1
 * @param longestStall duration of the longest step, in which other clients of the server waited
 * @param hold why the sweep sends no steps at present, or null
 * @param method method by which keys are reclaimed, followed by {@code ": "} and the reason for the choice; null until
 *     the sweep has begun
 * @param usedMemoryBefore memory that the server used before the sweep, in bytes; null until the sweep has begun
 * @param usedMemoryAfter memory that the server used after the sweep, in bytes; null until the sweep has ended
 * @param remaining approximate remaining time of the running sweep, or null if it is unknown
 * @param runs number of runs (each is the work of one worker on the sweep) that have begun
 * @param primary address of the server that was the primary at the last contact; null until the sweep has begun
 * @param memory change of memory and keys during the runs that have ended
 */
public record SweepRecord(
        UUID scanId,
        int round,
        String nodeId,
        SlotSet slots,
        @Nullable SlotSet covered,
        long orphans,
        boolean finished,
        @Nullable String failure,
        long visited,
        long reclaimed,
        boolean exact,
        double fraction,
        Duration longestStall,
        @Nullable String hold,
        @Nullable String method,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        @Nullable Duration remaining,
        int runs,
        @Nullable String primary,
        SweepMemory memory) {

    /** Describes a sweep that is planned and that no worker has begun. */
    public static SweepRecord waiting(UUID scanId, int round, String nodeId, SlotSet slots) {
        return new SweepRecord(
                scanId,
                round,
                nodeId,
                slots,
                /* covered= */ null,
                /* orphans= */ 0,
                /* finished= */ false,
                /* failure= */ null,
                /* visited= */ 0,
                /* reclaimed= */ 0,
                /* exact= */ true,
                /* fraction= */ 0,
                /* longestStall= */ Duration.ZERO,
                /* hold= */ null,
                /* method= */ null,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* remaining= */ null,
                /* runs= */ 0,
                /* primary= */ null,
                SweepMemory.NONE);
    }

    public SweepKey key() {
        return new SweepKey(scanId, round, nodeId);
    }
}
