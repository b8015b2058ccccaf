package io.keysweep.engine.lettuce;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Records the events of a sweep and runs an action at each checkpoint. */
final class EventLog implements SweepListener {

    private final List<SweepEvent> events = new ArrayList<>();
    private final IntConsumer atCheckpoint;
    private int checkpoints;
    private @Nullable Checkpoint lastCheckpoint;

    /** Creates a log without an action. */
    EventLog() {
        this(number -> {});
    }

    /**
     * Creates a log with an action.
     *
     * @param atCheckpoint runs at each checkpoint and receives its number; number 1 comes before the first step
     */
    EventLog(IntConsumer atCheckpoint) {
        this.atCheckpoint = atCheckpoint;
    }

    @Override
    public void onEvent(SweepEvent event) {
        events.add(event);
        if (event instanceof SweepEvent.Checkpointed checkpointed) {
            lastCheckpoint = checkpointed.checkpoint();
            atCheckpoint.accept(++checkpoints);
        }
    }

    /** Returns the events so far, in their order. */
    List<SweepEvent> events() {
        return events;
    }

    /** Returns the number of checkpoints so far. */
    int checkpoints() {
        return checkpoints;
    }

    /** Returns the last checkpoint, of which there must be one. */
    Checkpoint lastCheckpoint() {
        return Objects.requireNonNull(lastCheckpoint);
    }

    /** Returns the reasons of the holds so far. */
    List<String> holds() {
        return events.stream()
                .filter(SweepEvent.HoldBegan.class::isInstance)
                .map(event -> ((SweepEvent.HoldBegan) event).reason())
                .toList();
    }
}
