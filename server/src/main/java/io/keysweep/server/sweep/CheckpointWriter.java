package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of a sweep to its attempt. A {@link SupersededException} from there ends the sweep. Used by the sweep's
 * thread.
 */
final class CheckpointWriter implements SweepListener {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final SweepAttempt attempt;
    private final Map<Integer, Checkpoint.DatabasePosition> stored = new HashMap<>();
    private boolean first = true;
    private @Nullable SweepProgress progress;

    CheckpointWriter(SweepAttempt attempt) {
        this.attempt = attempt;
    }

    @Override
    public void onEvent(SweepEvent event) {
        switch (event) {
            case SweepEvent.Started e -> attempt.started(e.summary());
            case SweepEvent.Progressed e -> progress = e.progress();
            case SweepEvent.Checkpointed e -> store(e.checkpoint());
            case SweepEvent.HoldBegan e -> attempt.held(e.reason());
            case SweepEvent.HoldEnded e -> attempt.held(null);
            case SweepEvent.Retuned e ->
                LOG.info(
                        "Sweep of {} continues at another pace, set {}",
                        attempt.key().nodeId(),
                        e.intervention());
            case SweepEvent.Finished e -> {
                // The runner settles the sweep.
            }
        }
    }

    private void store(Checkpoint checkpoint) {
        List<Checkpoint.DatabasePosition> changed = checkpoint.databases().stream()
                .filter(position -> !position.equals(stored.get(position.db())))
                .toList();
        attempt.checkpoint(checkpoint, progress, first, changed);
        first = false;
        changed.forEach(position -> stored.put(position.db(), position));
    }
}
