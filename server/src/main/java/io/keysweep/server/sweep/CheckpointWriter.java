package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the events of a running sweep, such as its checkpoints and holds, through the {@link SweepAttempt}.
 *
 * <p>A sweep is the part of a scan that visits one primary. A run is the work of one worker on the sweep. A checkpoint
 * contains the positions and counts from which another run can continue the sweep. A hold is a time without steps
 * (calls that visit keys). If another worker has claimed the sweep, the attempt throws {@link SupersededException}. The
 * exception passes through the engine and ends the run in this process. Only the thread of the sweep uses this class.
 */
final class CheckpointWriter implements SweepListener {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final SweepAttempt attempt;
    private final InstantSource clock;

    /** Positions as they were stored last, by database number, so that only changed positions are written. */
    private final Map<Integer, Checkpoint.DatabasePosition> storedPositions = new HashMap<>();

    /**
     * Whether the next checkpoint is the first of this attempt. The first checkpoint replaces all positions of earlier
     * attempts, because the engine may have dropped some of them, for example after a failover.
     */
    private boolean isFirst = true;

    /** Latest progress, which the next checkpoint also stores; null before the first progress. */
    private @Nullable SweepProgress progress;

    /** When the engine lost the server and began to wait for it; null while the server answers. */
    private @Nullable Instant serverLostAt;

    CheckpointWriter(SweepAttempt attempt, InstantSource clock) {
        this.attempt = attempt;
        this.clock = clock;
    }

    /** Returns when the server was lost, if the engine still waited for it when the run ended; otherwise null. */
    @Nullable Instant serverLostAt() {
        return serverLostAt;
    }

    @Override
    public void onEvent(SweepEvent event) {
        switch (event) {
            case SweepEvent.Started e -> attempt.recordRunStart(e.summary());
            case SweepEvent.Progressed e -> {
                progress = e.progress();
                // Progress comes from replies, so the server answers again.
                serverLostAt = null;
            }
            case SweepEvent.Checkpointed e -> storeCheckpoint(e);
            case SweepEvent.HoldBegan e -> {
                if (e.cause() == HoldCause.CONNECTION && serverLostAt == null) {
                    serverLostAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
                }
                attempt.recordHold(e.reason(), e.cause());
            }
            case SweepEvent.HoldEnded e -> attempt.recordHoldEnd();
            case SweepEvent.Estimated e -> attempt.recordEstimate(e.reason());
            case SweepEvent.Retuned e ->
                LOG.info(
                        "Sweep of {} continues at another pace, set {}",
                        attempt.key().nodeId(),
                        e.intervention());
            case SweepEvent.Failed e -> {
                // The last checkpoint has stored the counts, and RunSettlement stores the reason.
            }
            case SweepEvent.Finished e -> {
                // RunSettlement stores the end, because it knows why the run has ended.
            }
        }
    }

    /** Stores a checkpoint with the positions that have changed since the last checkpoint. */
    private void storeCheckpoint(SweepEvent.Checkpointed event) {
        List<Checkpoint.DatabasePosition> changedPositions = event.checkpoint().databases().stream()
                .filter(position -> !position.equals(storedPositions.get(position.db())))
                .toList();
        attempt.storeCheckpoint(event, progress, isFirst, changedPositions);
        isFirst = false;
        // The positions are treated as stored only after the commit. If the transaction is rolled back, the next
        // checkpoint must write them again.
        changedPositions.forEach(position -> storedPositions.put(position.db(), position));
    }
}
