package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.server.control.SweepDecision;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Contains the data that a worker needs for a run. A run is the work of a worker on a sweep that it has claimed. A
 * sweep is the part of a scan that visits one primary.
 *
 * @param attempt the worker's claim on the sweep; all writes about the sweep go through it
 * @param sweep the sweep as it was stored before the run
 * @param scan scan that the sweep belongs to
 * @param scanStartedAt when the first worker began the scan
 * @param checkpoint stored positions and counts from which the sweep continues; null if there are none, and the sweep
 *     then begins at its start
 * @param decision decision for the sweep before the run: the sweep may run, or must end. If the sweep must
 *     end, the run is cancelled from the start and sends no steps; it only finds out what the last steps of an earlier
 *     run have reclaimed
 */
record PreparedRun(
        SweepAttempt attempt,
        SweepRecord sweep,
        SweptScan scan,
        Instant scanStartedAt,
        @Nullable Checkpoint checkpoint,
        SweepDecision decision) {

    /** Returns the attributes of the run in its trace, by name. */
    Map<String, String> traceAttributes() {
        SweepKey key = attempt.key();
        return Map.of(
                "keysweep.scan.id",
                key.scanId().toString(),
                "keysweep.node",
                key.nodeId(),
                "keysweep.round",
                Integer.toString(key.round()),
                "keysweep.attempt",
                Integer.toString(attempt.number()));
    }

    /** Returns when the scan times out. */
    Instant deadline() {
        return scanStartedAt.plus(scan.timeout());
    }
}
