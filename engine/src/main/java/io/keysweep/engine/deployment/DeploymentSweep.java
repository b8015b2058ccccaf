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

/**
 * Sweeps all primaries of a deployment: one server, the primary that sentinels name, or a cluster.
 *
 * <p>In a cluster, slots may move to another primary during the sweep. The sweep therefore runs in rounds, each with
 * the slots that are not covered yet. Each primary is swept on its own thread. Thread-safe.
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
     * Sweeps until every slot is covered, a shard fails, the sweep is cancelled or times out, or
     * {@link SweepRound#MAX_ROUNDS} rounds are over. If a shard fails, the other shards of the round are still swept.
     *
     * @param control pauses, cancels or retunes all sweeps from other threads
     * @throws NodeRefusedException if discovery finds no primaries at the start
     * @throws InterruptedException if the calling thread is interrupted; all sweeps have ended by then
     */
    public DeploymentReport run(DeploymentRequest request, SweepControl control, DeploymentListener listener)
            throws InterruptedException {
        long began = timing.nanoTime().getAsLong();
        Deployment requested = request.sweep().deployment();
        ReentrantLock listenerLock = new ReentrantLock();
        Topology topology = engine.discover(requested);
        SweepRound round = SweepRound.first(topology);
        List<ShardOutcome> outcomes = new ArrayList<>();
        while (true) {
            Deployment deployment = withKnownNodes(requested, topology);
            outcomes.addAll(new ShardExecutor(engine, request, deployment, control, listener, listenerLock).run(round));
            SlotSet covered = covered(outcomes);
            Optional<Ending> earlyEnding = earlyEnding(outcomes);
            Optional<SweepRound> next = Optional.empty();
            NodeRefusedException lost = null;
            if (earlyEnding.isEmpty() && !failed(outcomes)) {
                try {
                    topology = engine.discover(deployment);
                    next = round.next(topology, covered);
                } catch (NodeRefusedException e) {
                    // The report keeps the counts so far.
                    lost = e;
                }
            }
            if (next.isEmpty()) {
                return new DeploymentReport(
                        requested.label(),
                        earlyEnding.orElse(Ending.COMPLETED),
                        outcomes,
                        SlotSet.ALL.minus(topology.unassigned()).minus(covered),
                        topology.unassigned(),
                        timing.since(began),
                        lost);
            }
            round = next.get();
        }
    }

    /**
     * Adds all known nodes to the seeds, the addresses at which discovery begins: the original seeds may have left the
     * cluster by the next discovery.
     */
    private static Deployment withKnownNodes(Deployment deployment, Topology topology) {
        return deployment instanceof Deployment.Cluster cluster ? cluster.withMoreSeeds(topology.nodes()) : deployment;
    }

    private static SlotSet covered(List<ShardOutcome> outcomes) {
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

    private static boolean failed(List<ShardOutcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> outcome.failure() != null);
    }
}
