package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.LoadObservation;
import io.keysweep.engine.pacing.RoundTripBaseline;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches what the server, its replicas and its clients suffer, and has the sweep give way: slow down, hold or end. Used
 * by the sweep's thread.
 *
 * <p>What callers wait is measured with calls that cost the server nothing, several a control period, each sent after a
 * rest and waited for before the next step. So no step of this sweep is on its way meanwhile and none is counted as the
 * server's delay; what is left is the way, which the shortest of the last minutes tells, and the work of others. At full
 * share, where steps are always on their way, there is one such call a control period, when a checkpoint has let all
 * of them land.
 */
final class LoadWatch {

    /** How often it is decided anew. */
    static final Duration PERIOD = Duration.ofMillis(250);

    private static final Duration PROBE_EVERY = Duration.ofMillis(50);
    private static final int PROBES = 5;
    /** Too few to tell the server's delay from that of one call. */
    private static final int FEWEST_PROBES = 3;
    /** Five minutes of periods: a server that is slow for long must not become the measure. */
    private static final int IDLE_PERIODS = 1_200;

    private final Timing timing;
    private final RunLimits limits;
    private final PaceController paceController;
    private final Function<String, Hold> holds;
    private final Deque<Duration> probes = new ArrayDeque<>(PROBES);

    private @Nullable Session watched;
    private RoundTripBaseline idle = new RoundTripBaseline(IDLE_PERIODS);
    private ServerLoad load = new ServerLoad();
    private double used;
    private long lastCheck;
    private long lastProbe;

    /** @param holds begins a hold for a reason */
    LoadWatch(Timing timing, RunLimits limits, PaceController paceController, Function<String, Hold> holds) {
        this.timing = timing;
        this.limits = limits;
        this.paceController = paceController;
        this.holds = holds;
        lastCheck = timing.nanoTime().getAsLong();
        lastProbe = lastCheck;
    }

    /** Measures what callers wait, if that is due; to be called after a rest, with no step on its way. */
    void probe(Session session) {
        if (timing.since(lastProbe).compareTo(PROBE_EVERY) >= 0) {
            sample(session);
        }
    }

    /**
     * Decides what is to be done, if that is due, and holds for as long as needed; to be called with no step on its way.
     * Such a hold is not bound by patience: who waits harms nobody, and it ends at the deadline at the latest.
     *
     * @throws NodeRefusedException if a critical limit ends the sweep
     */
    void check(Session session, ServerStatus serverStatus) throws InterruptedException {
        if (timing.since(lastCheck).compareTo(PERIOD) < 0) {
            return;
        }
        sample(session);
        if (look(session, serverStatus) instanceof ThrottleDecision.Hold hold) {
            holdFor(hold, session);
        }
    }

    private void holdFor(ThrottleDecision.Hold first, Session session) throws InterruptedException {
        Hold hold = holds.apply(first.reason());
        ThrottleDecision now = first;
        while (now instanceof ThrottleDecision.Hold more
                && limits.reached() == null
                && limits.control().pause() == null) {
            hold.because(more.reason());
            for (int i = 0; i < PROBES; i++) {
                limits.rest(PROBE_EVERY);
                sample(session);
            }
            paceController.retune();
            now = look(session, session.serverStatus());
        }
        hold.end();
    }

    private ThrottleDecision look(Session session, ServerStatus serverStatus) {
        Duration period = timing.since(lastCheck);
        lastCheck = timing.nanoTime().getAsLong();
        used += paceController.factor() * period.toNanos() / 1e9;
        Map<Signal, Double> values = load.signals(serverStatus.info(), lastCheck, paceController.takeBusy(), used);
        if (probes.size() >= FEWEST_PROBES) {
            values.put(Signal.LATENCY, callersWait().toNanos() / 1e6);
        }
        ThrottleDecision decision = paceController
                .giveWay(new LoadObservation(period, values, load.bearable()))
                .decision();
        if (decision instanceof ThrottleDecision.Stop stop) {
            String nodeId = session.serverInspection().inspection().nodeId();
            throw new NodeRefusedException(
                    nodeId,
                    Reason.OVERLOADED,
                    nodeId + " is not swept any further: " + stop.reason() + "; sweep again when it is better");
        }
        return decision;
    }

    /**
     * The second longest of the last calls, less the way. One late answer is noise of a busy machine and does not count; a
     * server that stands still most of the time but answers at once in between does, which the median would not see.
     */
    private Duration callersWait() {
        List<Duration> sorted = probes.stream().sorted().toList();
        idle.add(sorted.getFirst());
        return idle.busy(sorted.get(sorted.size() - 2));
    }

    private void sample(Session session) {
        if (session != watched) {
            // Perhaps another process, or another way to it.
            watched = session;
            idle = new RoundTripBaseline(IDLE_PERIODS);
            // Measured before its first step.
            session.idle().ifPresent(idle::add);
            load = new ServerLoad();
            probes.clear();
        }
        if (probes.size() == PROBES) {
            probes.removeFirst();
        }
        probes.addLast(session.probe());
        lastProbe = timing.nanoTime().getAsLong();
    }
}
