package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the progress and the result of a scan; {@code GET /api/v1/scans/{id}} returns it.
 *
 * <p>A scan removes the expired keys of an instance. It consists of one sweep for each primary; in a cluster, slots
 * that move to another primary during the scan need further sweeps. A sweep works in steps. A step is a short call in
 * which the server visits some keys and removes the expired ones.
 *
 * @param id id of the scan, a UUID
 * @param instanceId id of the instance, a UUID
 * @param status {@code waiting} before the start, {@code running}, {@code success}, or {@code failed} (after an error,
 *     a timeout or a cancellation)
 * @param state current state in one word: "paused" if a client has paused the scan, "held" if something
 *     else keeps it from making steps, and otherwise the status
 * @param ending how the scan has ended: {@code success}, {@code cancelled} by a client, {@code expired} at its timeout,
 *     or {@code failed} in all other cases; null until it has ended
 * @param scanType {@code manual} if a client started the scan, {@code auto} if the service did
 * @param assist whether the scan uses assist (raises settings of the servers for a while, so that the servers
 *     themselves remove more expired keys): {@code none} (no), {@code before} (first assist, then its sweeps) or {@code
 *     only} (assist without sweeps)
 * @param assistReclaimed number of expired keys that the servers reclaimed during assist, by the servers' own counts.
 *     It is not included in {@code reclaimed}. It is null if the scan used assist on no primary
 * @param visited number of keys, live and expired, that the scan has visited so far
 * @param reclaimed number of expired keys whose memory the scan has freed so far
 * @param exact whether {@code reclaimed} is a count; false if it is an estimate
 * @param fraction completed part of the scan, 0 to 1
 * @param hold why the scan makes no progress now; null if it makes progress
 * @param failure why the scan failed; null if it has not failed
 * @param method method by which the first sweep removes expired keys, with the reason for the choice; null until a
 *     sweep has started
 * @param longestStallMs longest time for which one step of the scan has kept a server busy, in milliseconds; measured
 *     on the server if the method can do so, else by the service
 * @param usedMemoryBefore memory that the servers used when the scan started, in bytes; null until then. Also null if
 *     unknown
 * @param usedMemoryAfter memory that the servers used when the scan finished, in bytes; null until then. Also null if
 *     unknown, or if it must not be compared with the memory before, see {@link MemoryView#note()}
 * @param createdAt when the scan was created
 * @param startedAt when the scan started; null until then
 * @param finishedAt when the scan finished; null until then
 * @param version version of the instructions for the scan; every pause, resume, cancellation and change of the pace
 *     raises it. The ETag is this number in quotes
 * @param timeoutSeconds maximum duration of the scan in seconds; pauses are included
 * @param pace limits on the load that the scan puts on a server
 * @param pause pause of this scan, or hold of its project or of all scans; null if there is none
 * @param remainingSeconds approximate remaining time in seconds; null while it cannot be estimated
 * @param memory change of the memory and the keys of the servers during the scan; the work in progress is not yet
 *     included
 * @param databases keys and counts by database, summed over all primaries
 * @param holds one summary for each reason that has kept the scan from making progress, the longest first
 * @param sweeps one entry for each sweep of a primary; empty until the primaries are known
 */
public record ScanView(
        String id,
        String instanceId,
        String status,
        String state,
        @Nullable String ending,
        String scanType,
        String assist,
        @Nullable Long assistReclaimed,
        long visited,
        long reclaimed,
        boolean exact,
        double fraction,
        @Nullable String hold,
        @Nullable String failure,
        @Nullable String method,
        double longestStallMs,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int version,
        long timeoutSeconds,
        PaceView pace,
        @Nullable PauseView pause,
        @Nullable Long remainingSeconds,
        MemoryView memory,
        List<DatabaseView> databases,
        List<HoldReasonView> holds,
        List<SweepView> sweeps) {

    public ScanView {
        databases = List.copyOf(databases);
        holds = List.copyOf(holds);
        sweeps = List.copyOf(sweeps);
    }
}
