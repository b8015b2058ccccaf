package io.keysweep.engine.assist;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.LoadObservation;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.RecentProbes;
import io.keysweep.engine.pacing.RoundTripBaseline;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.pacing.Throttle;
import io.keysweep.engine.pacing.ThrottleState;
import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import io.keysweep.engine.sweep.ServerLoad;
import io.keysweep.engine.sweep.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Watches the load on a server, its replicas and its clients while {@link Assist} drives the server's own expiry
 * harder.
 *
 * <p>The {@link Throttle} decides from load signals, such as latency and replica lag, which part of its ceilings assist
 * may use, and whether it must hold (leave the settings as they were for a while) or stop. Signals and limits are those
 * of a sweep. This class keeps the throttle's state.
 *
 * <p>The latency is how long callers wait: {@link AssistDriver} calls {@link #probe} every 50 ms, which sends a DBSIZE.
 * The latency is the second longest round trip of the last five probes (see {@link RecentProbes}), less the shortest
 * one of the last five minutes. Used by one thread.
 */
final class AssistLoad {

    private static final List<Command> PROBE = List.of(Command.of("DBSIZE"));

    /** Five minutes of probes, after which a lasting change of the network counts as the usual round trip. */
    private static final int BASELINE_PROBES = 6_000;

    private final Timing timing;
    private final NodeLink link;
    private final RecentProbes probes = new RecentProbes();
    private final RoundTripBaseline baseline = new RoundTripBaseline(BASELINE_PROBES);
    private final ServerLoad serverLoad = new ServerLoad();
    private Throttle throttle;
    private ThrottleState state = ThrottleState.UNTHROTTLED;

    /** The part of its ceilings that assist has used, integrated over the seconds, see {@link ServerLoad#update}. */
    private double factorSeconds;

    /** When {@link #update} was called last, on the monotonic clock, ns. */
    private long lastUpdate;

    AssistLoad(Timing timing, NodeLink link, PacePolicy policy) {
        this.timing = timing;
        this.link = link;
        throttle = new Throttle(policy.limits());
        lastUpdate = timing.nanoTime().getAsLong();
    }

    /** Applies the limits of another policy from the next {@link #update} on; the state of the throttle stays. */
    void retune(PacePolicy policy) {
        throttle = new Throttle(policy.limits());
    }

    /**
     * Measures how long a caller of the server waits now, by one round trip.
     *
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     */
    void probe() {
        Duration roundTrip = link.call(PROBE).roundTrip();
        baseline.add(roundTrip);
        probes.add(roundTrip);
    }

    /**
     * Updates the throttle with what INFO shows and what the latest probes have measured, and returns its decision.
     *
     * @param info all of INFO
     * @param busy how long assist has kept the main thread busy since the last call
     * @param usedPart the part of its ceilings that assist has used since the last call, 0 to 1
     */
    ThrottleDecision update(ServerInfo info, Duration busy, double usedPart) {
        Duration period = timing.since(lastUpdate);
        lastUpdate = timing.nanoTime().getAsLong();
        factorSeconds += usedPart * period.toNanos() / 1e9;
        Map<Signal, Double> values = serverLoad.update(info, lastUpdate, busy, factorSeconds);
        if (probes.areEnough()) {
            values.put(Signal.LATENCY, baseline.busyTime(probes.secondLongest()).toNanos() / 1e6);
        }
        state = throttle.next(state, new LoadObservation(period, values, serverLoad.sustainableFactor()));
        return state.decision();
    }

    /**
     * Begins a new time after a hold of any length, in which assist has used no part of its ceilings.
     *
     * <p>The counters of the time before are of no use: the work of others in a long hold says nothing about now.
     *
     * @param info all of INFO
     */
    void resume(ServerInfo info) {
        lastUpdate = timing.nanoTime().getAsLong();
        serverLoad.update(info, lastUpdate, Duration.ZERO, factorSeconds);
    }

    /** Returns the part of its ceilings that assist may use, above 0 up to 1. */
    double factor() {
        return state.factor();
    }
}
