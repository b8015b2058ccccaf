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
 * Watches the load on a server, its replicas and its clients while {@link Assist} raises the settings of the server.
 *
 * <p>It measures load signals, such as latency and replica lag, and passes them to the {@link Throttle}. The ceiling
 * of assist is the largest share of the main thread's time. The throttle decides the <i>factor</i>, the part of that
 * ceiling that assist may use. It also decides whether assist must hold (restore the former settings for a while) or
 * stop. Signals and limits are the same as for a sweep. This class keeps the throttle's state.
 *
 * <p>To measure the latency, {@link AssistDriver} calls {@link #probe} every 50 ms, which sends a DBSIZE. The latency
 * is the second longest round trip of the last five probes (see {@link RecentProbes}), minus the shortest round trip of
 * the last five minutes. Example: 4 ms − 1 ms = 3 ms. Used by one thread.
 */
final class AssistLoad {

    private static final List<Command> PROBE = List.of(Command.of("DBSIZE"));

    /**
     * The number of probes in five minutes. If the network becomes slower for good, the shortest round trip follows
     * after this time.
     */
    private static final int BASELINE_PROBES = 6_000;

    private final Timing timing;
    private final NodeLink link;
    private final RecentProbes probes = new RecentProbes();
    private final RoundTripBaseline baseline = new RoundTripBaseline(BASELINE_PROBES);
    private final ServerLoad serverLoad = new ServerLoad();
    private Throttle throttle;
    private ThrottleState state = ThrottleState.UNTHROTTLED;

    /**
     * The sum of factor × seconds so far, for the factor that assist has used. It rises by 0.5 per second while assist
     * uses half of its ceiling. {@link io.keysweep.engine.pacing.ReplicaLag} divides the growth of this sum by the
     * time, which gives the mean factor of that time.
     */
    private double factorSeconds;

    /** When {@link #update} was called last, as a value of {@link Timing#nanoTime}. */
    private long lastUpdateNanos;

    AssistLoad(Timing timing, NodeLink link, PacePolicy policy) {
        this.timing = timing;
        this.link = link;
        throttle = new Throttle(policy.limits());
        lastUpdateNanos = timing.nanoTime().getAsLong();
    }

    /** Applies the limits of another policy from the next {@link #update} on; the state of the throttle is kept. */
    void retune(PacePolicy policy) {
        throttle = new Throttle(policy.limits());
    }

    /**
     * Measures how long a client of the server waits now, by one round trip.
     *
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     */
    void probe() {
        Duration roundTrip = link.call(PROBE).roundTrip();
        baseline.add(roundTrip);
        probes.add(roundTrip);
    }

    /**
     * Updates the throttle with the signals from INFO and from the latest probes, and returns its decision.
     *
     * @param info all of INFO
     * @param busy how long assist has kept the main thread busy since the last call
     * @param usedFactor the factor that assist has used since the last call, 0 to 1
     */
    ThrottleDecision update(ServerInfo info, Duration busy, double usedFactor) {
        Duration period = timing.since(lastUpdateNanos);
        lastUpdateNanos = timing.nanoTime().getAsLong();
        factorSeconds += usedFactor * period.toNanos() / 1e9;
        Map<Signal, Double> values = serverLoad.update(info, lastUpdateNanos, busy, factorSeconds);
        if (probes.areEnough()) {
            values.put(Signal.LATENCY, baseline.busyTime(probes.secondLongest()).toNanos() / 1e6);
        }
        state = throttle.next(state, new LoadObservation(period, values, serverLoad.sustainableFactor()));
        return state.decision();
    }

    /**
     * Begins a new period of measurement after a hold, in which assist has used nothing of its ceiling.
     *
     * <p>The next {@link #update} then measures from this call on. A hold may last for hours, and the work of others
     * during the hold says nothing about the current load.
     *
     * @param info all of INFO
     */
    void resume(ServerInfo info) {
        lastUpdateNanos = timing.nanoTime().getAsLong();
        serverLoad.update(info, lastUpdateNanos, Duration.ZERO, factorSeconds);
    }

    /** Returns the factor, the part of its ceiling that assist may use, above 0 up to 1. */
    double factor() {
        return state.factor();
    }
}
