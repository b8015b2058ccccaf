package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The service's hand on one sweep that this process runs: passes on what the scan is told. Guarded by itself.
 */
public final class Rein implements AutoCloseable {

    /**
     * How long a paused sweep keeps its worker thread and its connection: a short pause costs no new look at the server,
     * and a long one keeps no other scan from running.
     */
    static final Duration KEPT = Duration.ofSeconds(30);

    /** When a resting sweep is looked at again, should nobody wake it. */
    static final Duration REST = Duration.ofSeconds(10);

    private final RunningSweeps running;
    private final UUID scanId;
    private final SweepControl control;
    private final PacePolicy settings;
    private @Nullable Orders orders;
    private @Nullable Instant pausedSince;
    private boolean resting;

    Rein(RunningSweeps running, UUID scanId, SweepControl control, PacePolicy settings) {
        this.running = running;
        this.scanId = scanId;
        this.control = control;
        this.settings = settings;
    }

    UUID scanId() {
        return scanId;
    }

    /** Takes the orders that stand before the sweep begins. */
    synchronized void take(Orders first, Instant now) {
        orders = first;
        resting = first.restsAt(now);
        pass(first, now);
    }

    /** Passes on what has changed. */
    synchronized void obey(Orders next, Instant now) {
        Orders last = orders;
        orders = next;
        Intervention tune = next.tune();
        if (last != null && tune != null && !next.pace().equals(last.pace())) {
            control.retune(next.pace().over(settings), tune.forEngine());
        }
        pass(next, now);
    }

    private void pass(Orders next, Instant now) {
        if (next.cancel() != null) {
            control.cancel();
        }
        Pause pause = next.pause();
        if (pause == null) {
            if (pausedSince != null) {
                pausedSince = null;
                control.resume();
            }
            return;
        }
        control.pause(pause.intervention().forEngine());
        if (pausedSince == null) {
            pausedSince = now;
        } else if (!now.isBefore(pausedSince.plus(KEPT)) && next.restsAt(now)) {
            resting = true;
            control.cancel();
        }
    }

    /** Whether the sweep is to rest without a worker, for as long as it is paused. */
    public synchronized boolean resting() {
        return resting;
    }

    /** Who wants the scan to end, or null. */
    public synchronized @Nullable Intervention cancel() {
        return orders == null ? null : orders.cancel();
    }

    /** The pace to begin with. */
    public synchronized PacePolicy pace() {
        return orders == null ? settings : orders.pace().over(settings);
    }

    /** When the sweep is to be taken up again: now, unless its scan is still paused. */
    public Instant again(Instant now) {
        return running.again(scanId, now);
    }

    /** Lets go of the sweep. */
    @Override
    public void close() {
        running.drop(this);
    }
}
