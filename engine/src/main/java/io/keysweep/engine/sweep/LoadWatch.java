package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.LoadObservation;
import io.keysweep.engine.pacing.RecentProbes;
import io.keysweep.engine.pacing.RoundTripBaseline;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Watches the load on a server, its replicas and its clients, and makes the sweep slow down, hold or end.
 *
 * <p>To hold is to send no steps (calls that visit keys) until the load falls. Once per control period (250 ms) the
 * watch passes an observation to the {@link io.keysweep.engine.pacing.Throttle}. The throttle decides whether the sweep
 * proceeds, holds or ends. It also sets the factor, the part of the allowed pace that the sweep may use.
 *
 * <p>An observation consists of signals such as CPU or latency. Most signals come from INFO, see {@link ServerLoad}.
 * <b>Latency</b> is measured with probes: DBSIZE calls, which cost the server very little.
 *
 * <ul>
 * <li>A probe is sent only after a delay with no step in flight, so the sweep's own steps are never treated as latency.
 * <li>Latency is the second longest of the last five probes, see {@link RecentProbes}, minus the round trip of the
 * network alone.
 * <li>The round trip of the network alone is the shortest probe of the last five minutes.
 * <li>At full share steps are always in flight. Then there is only one probe per control period, at the checkpoint.
 * <li>On a distant server, where a probe takes long, there is one per second if steps and probes show no delay. Other
 * checkpoints are taken while steps are in flight.
 * </ul>
 *
 * <p>Used by the sweep's thread only.
 */
final class LoadWatch {

    /** The time between two decisions of the throttle. */
    private static final Duration CONTROL_PERIOD = Duration.ofMillis(250);

    /** The shortest time between two probes. */
    private static final Duration PROBE_EVERY = Duration.ofMillis(50);

    /** The latency above which a distant server gets a probe at each checkpoint, as a near one always does. */
    private static final Duration LONG_LATENCY = Duration.ofMillis(5);

    /**
     * The number of samples in the baseline, one for each control period of five minutes. The shortest sample is used,
     * so slowness of less than five minutes does not raise the baseline.
     */
    private static final int BASELINE_PERIODS = 1_200;

    /** The number of bytes that one deleted key adds to the replication stream, assuming a rather long name. */
    private static final long BYTES_PER_DELETION = 100;

    /**
     * The number of checks while the sweep's deletions fill a replica's output buffer up to its limit: one for each
     * quarter.
     */
    private static final long CHECKS_PER_OUTPUT_LIMIT = 4;

    private final Timing timing;
    private final RunLimits limits;
    private final PaceController paceController;
    private final HoldStarter holdStarter;
    private final RecentProbes probes = new RecentProbes();

    /** The session that the measurements below belong to; null before the first. */
    private @Nullable Session probedSession;

    private RoundTripBaseline baseline = new RoundTripBaseline(BASELINE_PERIODS);
    private ServerLoad serverLoad = new ServerLoad();

    /**
     * The sum of throttle factor × seconds of the sweep so far. It rises by 0.5 per second while the factor is 0.5.
     * {@link io.keysweep.engine.pacing.ReplicaLag} divides the growth of this sum by the time, which gives the mean
     * factor of that time.
     */
    private double factorSeconds;

    /** The number of keys that the sweep had reclaimed when the replicas were last checked. */
    private long reclaimedAtReplicaCheck;

    /** The decision to hold that was not carried out yet; null if there is none. */
    private ThrottleDecision.@Nullable HoldSteps holdDecision;

    /** When the throttle last decided, ns by {@link Timing#nanoTime}. */
    private long lastDecisionAt;

    /** When the last probe was sent, ns by {@link Timing#nanoTime}. */
    private long lastProbeAt;

    LoadWatch(Timing timing, RunLimits limits, PaceController paceController, HoldStarter holdStarter) {
        this.timing = timing;
        this.limits = limits;
        this.paceController = paceController;
        this.holdStarter = holdStarter;
        lastDecisionAt = timing.nanoTime().getAsLong();
        lastProbeAt = lastDecisionAt;
    }

    /** Sends a probe if the last probe is at least 50 ms old. Must be called after a delay, with no step in flight. */
    void probeIfDue(Session session) {
        if (timing.since(lastProbeAt).compareTo(PROBE_EVERY) >= 0) {
            addProbe(session, session.database().timeIdleCall());
        }
    }

    /**
     * Updates the throttle if a control period has passed or a replica is being synchronised, and holds while the
     * throttle demands it. Otherwise the call does nothing. No step may be in flight.
     *
     * <p>The sweep's patience, the longest time for which it waits for its server, does not limit such a hold, because
     * a sweep without steps does no harm. The hold also ends at the deadline, and when a user cancels or pauses the
     * sweep.
     *
     * @param status a status that was read just now; the sample of the idle round trip that belongs to it, if there is
     *     one, is the probe of this checkpoint
     * @throws NodeRefusedException if the throttle decides to end the sweep
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     */
    void throttleIfDue(Session session, ServerStatus status) throws InterruptedException {
        if (decideIfDue(session, status)) {
            ThrottleDecision.HoldSteps decision = Objects.requireNonNull(holdDecision);
            holdDecision = null;
            holdUntilReleased(decision, session);
        }
    }

    /**
     * Updates the throttle as {@link #throttleIfDue} does, but does not hold, so that steps may be in flight.
     *
     * @param status a status that was read after the latest received step
     * @return whether the throttle demands a hold. The caller must then receive all steps in flight, and call {@link
     *     #throttleIfDue}
     * @throws NodeRefusedException if the throttle decides to end the sweep
     */
    boolean decideIfDue(Session session, ServerStatus status) {
        resetIfNewSession(session);
        session.idleRoundTrips().latest().ifPresent(roundTrip -> addProbe(session, roundTrip));
        // A replica that has just begun to synchronise cannot wait for the control period to end.
        if (timing.since(lastDecisionAt).compareTo(CONTROL_PERIOD) < 0
                && ServerLoad.synchronisingReplicas(status.info()) == 0) {
            return holdDecision != null;
        }
        holdDecision = decide(session, status) instanceof ThrottleDecision.HoldSteps hold ? hold : null;
        return holdDecision != null;
    }

    /**
     * Returns whether {@link #checkReplicas} must be called now. The check is due once the deletions since the
     * last check may have filled a quarter of the output buffer that the server allows a replica.
     *
     * @param reclaimed the keys that the sweep has reclaimed so far
     */
    boolean replicaCheckDue(Session session, long reclaimed) {
        long limit = session.inspection().settings().replicaOutputLimit();
        return (reclaimed - reclaimedAtReplicaCheck) * BYTES_PER_DELETION >= limit / CHECKS_PER_OUTPUT_LIMIT;
    }

    /**
     * Asks the server whether a replica is being synchronised (INFO replication), and begins a new count of deletions.
     * No step may be in flight.
     *
     * @param reclaimed the keys that the sweep has reclaimed so far; {@link #replicaCheckDue} compares with this number
     */
    boolean checkReplicas(Session session, long reclaimed) {
        reclaimedAtReplicaCheck = reclaimed;
        return ServerLoad.synchronisingReplicas(session.info().readReplication()) > 0;
    }

    /** Holds until the throttle decides otherwise, the run ends, or a user pauses the sweep. */
    private void holdUntilReleased(ThrottleDecision.HoldSteps firstDecision, Session session)
            throws InterruptedException {
        try (Hold hold = holdStarter.start(firstDecision.reason())) {
            ThrottleDecision decision = firstDecision;
            while (decision instanceof ThrottleDecision.HoldSteps currentHold
                    && limits.ending() == null
                    && limits.control().pauseReason() == null) {
                hold.changeReason(currentHold.reason());
                // Five probes 50 ms apart take one control period, and replace all earlier probes.
                for (int i = 0; i < RecentProbes.KEPT; i++) {
                    limits.waitFor(PROBE_EVERY);
                    addProbe(session, session.database().timeIdleCall());
                }
                // A retune can bring other limits, which may release the hold.
                paceController.applyRetune();
                decision = decide(session, session.readStatus());
            }
        }
    }

    /**
     * Passes one observation to the throttle, and returns its decision to proceed or to hold. Without enough probes the
     * observation has no latency.
     *
     * @throws NodeRefusedException if the throttle decides to end the sweep
     */
    private ThrottleDecision decide(Session session, ServerStatus status) {
        Duration period = timing.since(lastDecisionAt);
        lastDecisionAt = timing.nanoTime().getAsLong();
        factorSeconds += paceController.effectiveFactor() * period.toNanos() / 1e9;
        Map<Signal, Double> values =
                serverLoad.update(status.info(), lastDecisionAt, paceController.drainBusyTime(), factorSeconds);
        if (probes.areEnough()) {
            Duration latency = updateLatency();
            values.put(Signal.LATENCY, latency.toNanos() / 1e6);
            if (latency.compareTo(LONG_LATENCY) > 0) {
                // Further probes soon show whether the latency has fallen.
                session.idleRoundTrips().demand();
            }
        }
        ThrottleDecision decision = paceController
                .updateThrottle(new LoadObservation(period, values, serverLoad.sustainableFactor()))
                .decision();
        if (decision instanceof ThrottleDecision.Stop stop) {
            String nodeId = session.inspection().summary().nodeId();
            throw new NodeRefusedException(
                    nodeId,
                    Reason.OVERLOADED,
                    nodeId + " is overloaded, so the sweep ends: " + stop.reason()
                            + "; sweep again when the load is lower");
        }
        return decision;
    }

    /** Adds the shortest of the latest probes to the baseline, and returns the current latency. */
    private Duration updateLatency() {
        baseline.add(probes.shortest());
        return baseline.busyTime(probes.secondLongest());
    }

    /** Adds the round trip of an idle call. */
    private void addProbe(Session session, Duration roundTrip) {
        resetIfNewSession(session);
        probes.add(roundTrip);
        lastProbeAt = timing.nanoTime().getAsLong();
    }

    /** Forgets all measurements if the sweep has opened a new session. */
    private void resetIfNewSession(Session session) {
        if (session != probedSession) {
            // A new session may lead to another server process, or over another network path.
            probedSession = session;
            baseline = new RoundTripBaseline(BASELINE_PERIODS);
            session.idleRoundTrips().shortest().ifPresent(baseline::add);
            serverLoad = new ServerLoad();
            probes.clear();
            holdDecision = null;
        }
    }
}
