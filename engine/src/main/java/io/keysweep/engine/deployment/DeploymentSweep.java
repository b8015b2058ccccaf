package io.keysweep.engine.deployment;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps all primaries of a deployment: one server, the primary that sentinels name, or a cluster.
 *
 * <p>In a cluster, slots (the 16384 parts of its keys) may move to another primary during the sweep. The sweep
 * therefore runs in rounds. The first round sweeps each primary once, and each further round sweeps the slots that are
 * not covered yet. A slot is covered if one primary served it during the whole sweep of that primary. Each primary is
 * swept on its own thread, within the limits of the request. Thread-safe.
 */
public final class DeploymentSweep {

    private final SweepEngine engine;
    private final Timing timing;

    /**
     * Creates a deployment sweep.
     *
     * @param engine sweeps one shard; the caller closes it
     * @param timing the source of time
     */
    public DeploymentSweep(SweepEngine engine, Timing timing) {
        this.engine = engine;
        this.timing = timing;
    }

    /**
     * Finds the primaries and sweeps them, and returns when one of these is true:
     *
     * <ul>
     * <li>every slot that a primary serves is covered
     * <li>a shard (one primary with its slots) has failed, and the other shards of the round are swept
     * <li>the sweep is cancelled or times out
     * <li>{@link SweepRound#MAX_ROUNDS} rounds are over, or the primaries cannot be found for the next round
     * </ul>
     *
     * @param control pauses, cancels or retunes all sweeps from other threads
     * @param listener receives the events of all sweeps
     * @return the report, even if shards have failed; {@link DeploymentReport#success} says whether all went well
     * @throws NodeRefusedException if the primaries cannot be found at the start
     * @throws InterruptedException if the calling thread is interrupted; all sweeps have ended by then
     * @throws IllegalStateException if a sweep ends with an unexpected exception, for example of the listener
     */
    public DeploymentReport run(DeploymentRequest request, SweepControl control, DeploymentListener listener)
            throws InterruptedException {
        long beganAt = timing.nanoTime().getAsLong();
        Deployment requestedDeployment = request.sweep().deployment();
        // All rounds share one lock, so that no two events reach the listener at the same time.
        ReentrantLock listenerLock = new ReentrantLock();
        Topology topology = engine.discover(requestedDeployment);
        SweepRound round = SweepRound.first(topology);
        List<ShardOutcome> outcomes = new ArrayList<>();
        while (true) {
            Deployment deployment = withKnownNodes(requestedDeployment, topology);
            List<ShardOutcome> ended =
                    new ShardExecutor(engine, request, deployment, control, listener, listenerLock).run(round);
            outcomes.addAll(ended);
            // A round leaves out shards after a cancel, or after a timeout, which an outcome then reports.
            boolean isCutShort = ended.size() < round.shards().size();
            Optional<Ending> earlyEnding =
                    earlyEnding(outcomes).or(() -> isCutShort ? Optional.of(Ending.CANCELLED) : Optional.empty());
            RoundEnd end = earlyEnding.isPresent()
                    ? RoundEnd.last(topology, /* discoveryFailure= */ null)
                    : endRound(round, deployment, topology, outcomes);
            topology = end.topology();
            if (end.next().isEmpty()) {
                return new DeploymentReport(
                        requestedDeployment.label(),
                        earlyEnding.orElse(Ending.COMPLETED),
                        outcomes,
                        SlotSet.ALL.minus(topology.unassigned()).minus(coveredSlots(outcomes)),
                        topology.unassigned(),
                        timing.since(beganAt),
                        end.discoveryFailure());
            }
            round = end.next().get();
        }
    }

    /**
     * Contains the decision after a round: the next round, or the end of the sweep.
     *
     * @param topology the latest topology that is known
     * @param next the next round; empty if the sweep ends
     * @param discoveryFailure why the primaries could not be found for the next round; null if they were, or need not
     *     be
     */
    private record RoundEnd(
            Topology topology,
            Optional<SweepRound> next,
            @Nullable NodeRefusedException discoveryFailure) {

        /** Returns the end of the sweep. */
        private static RoundEnd last(Topology topology, @Nullable NodeRefusedException discoveryFailure) {
            return new RoundEnd(topology, Optional.empty(), discoveryFailure);
        }
    }

    /** Finds the primaries again and plans the next round, unless a shard has failed. */
    private RoundEnd endRound(
            SweepRound round, Deployment deployment, Topology topologyBefore, List<ShardOutcome> outcomes) {
        // After a failure the sweep can no longer succeed, so a further round would only delay the report.
        if (hasFailedShard(outcomes)) {
            return RoundEnd.last(topologyBefore, /* discoveryFailure= */ null);
        }
        try {
            Topology topologyNow = engine.discover(deployment);
            return new RoundEnd(
                    topologyNow, round.next(topologyNow, coveredSlots(outcomes)), /* discoveryFailure= */ null);
        } catch (NodeRefusedException e) {
            // The report contains the exception. Throwing it would lose the counts so far.
            return RoundEnd.last(topologyBefore, e);
        }
    }

    /**
     * Adds all known nodes to the nodes that the user names, because the named nodes may have left the cluster by the
     * next discovery.
     */
    private static Deployment withKnownNodes(Deployment deployment, Topology topology) {
        return deployment instanceof Deployment.Cluster cluster ? cluster.withOtherNodes(topology.nodes()) : deployment;
    }

    /** Returns the slots that the sweeps of all rounds have covered. */
    private static SlotSet coveredSlots(List<ShardOutcome> outcomes) {
        return outcomes.stream().map(ShardOutcome::covered).reduce(SlotSet.NONE, SlotSet::union);
    }

    /** Returns the first ending that is not {@code COMPLETED}: a cancel or the deadline, which ends all rounds. */
    private static Optional<Ending> earlyEnding(List<ShardOutcome> outcomes) {
        return outcomes.stream()
                .map(ShardOutcome::report)
                .filter(Objects::nonNull)
                .map(SweepReport::ending)
                .filter(ending -> ending != Ending.COMPLETED)
                .findFirst();
    }

    private static boolean hasFailedShard(List<ShardOutcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> outcome.failure() != null);
    }
}
