package io.keysweep.server.scan;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one attempt's events to the store. Confined to the sweep's thread. */
final class CheckpointWriter implements SweepListener {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final SweepStore sweeps;
    private final RunHistory runs;
    private final HoldHistory history;
    private final SweepKey key;
    private final int attempt;
    private final Map<Integer, Checkpoint.DatabasePosition> stored = new HashMap<>();
    private boolean first = true;
    private @Nullable SweepProgress progress;

    CheckpointWriter(SweepStore sweeps, RunHistory runs, HoldHistory history, SweepKey key, int attempt) {
        this.sweeps = sweeps;
        this.runs = runs;
        this.history = history;
        this.key = key;
        this.attempt = attempt;
    }

    @Override
    public void onEvent(SweepEvent event) {
        switch (event) {
            case SweepEvent.Started e -> {
                ServerProfile profile = e.summary().profile();
                sweeps.started(
                        key,
                        attempt,
                        profile.method() + ": " + profile.methodReason(),
                        e.summary().usedMemory());
                runs.begun(key, attempt, e.summary());
                history.note(key, attempt, null);
            }
            case SweepEvent.Progressed e -> progress = e.progress();
            case SweepEvent.Checkpointed e -> store(e.checkpoint());
            case SweepEvent.HoldBegan e -> hold(e.reason());
            case SweepEvent.HoldEnded e -> hold(null);
            case SweepEvent.Retuned e ->
                LOG.info("Sweep of {} goes on at another pace, set {}", key.nodeId(), e.intervention());
            case SweepEvent.Finished e -> {
                // The runner settles it.
            }
        }
    }

    private void hold(@Nullable String reason) {
        sweeps.held(key, attempt, reason);
        history.note(key, attempt, reason);
    }

    private void store(Checkpoint checkpoint) {
        List<Checkpoint.DatabasePosition> changed = checkpoint.databases().stream()
                .filter(position -> !position.equals(stored.get(position.db())))
                .toList();
        sweeps.checkpoint(key, attempt, checkpoint, progress, first, changed);
        first = false;
        changed.forEach(position -> stored.put(position.db(), position));
    }
}
