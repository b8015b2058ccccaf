package io.keysweep.engine.deployment;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Sweeps all primaries of a deployment, each on a thread of its own. Safe to share between threads. */
public final class DeploymentSweep {

    private final SweepEngine engine;
    private final Timing timing;

    /**
     * @param engine sweeps one shard; stays the caller's to close
     * @param timing where time comes from
     */
    public DeploymentSweep(SweepEngine engine, Timing timing) {
        this.engine = engine;
        this.timing = timing;
    }

    /**
     * Sweeps until every slot is covered, or it is known why not. A shard that fails does not keep the others from being
     * swept.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if nobody can tell who the primaries are
     * @throws InterruptedException if the calling thread is interrupted; all sweeps have ended
     */
    public DeploymentReport run(DeploymentRequest request, SweepControl control, DeploymentListener listener)
            throws InterruptedException {
        long began = timing.nanoTime().getAsLong();
        Deployment whole = request.each().deployment();
        ReentrantLock oneAtATime = new ReentrantLock();
        Topology topology = engine.discover(whole);
        SweepRound round = SweepRound.first(topology);
        List<ShardOutcome> outcomes = new ArrayList<>();
        while (true) {
            Deployment deployment = knowing(whole, topology);
            outcomes.addAll(new ShardExecutor(engine, request, deployment, control, listener, oneAtATime).run(round));
            SlotSet covered = covered(outcomes);
            Optional<Ending> early = early(outcomes);
            Optional<SweepRound> next = Optional.empty();
            if (early.isEmpty() && !failed(outcomes)) {
                // Only now: a cluster that is gone must not take the counts with it.
                topology = engine.discover(deployment);
                next = round.next(topology, covered);
            }
            if (next.isEmpty()) {
                return new DeploymentReport(
                        whole.label(),
                        early.orElse(Ending.COMPLETED),
                        outcomes,
                        SlotSet.ALL.minus(topology.unassigned()).minus(covered),
                        topology.unassigned(),
                        timing.since(began));
            }
            round = next.get();
        }
    }

    /** The seeds may be gone by the time that they are asked again. */
    private static Deployment knowing(Deployment deployment, Topology topology) {
        return deployment instanceof Deployment.Cluster cluster ? cluster.alsoAsking(topology.nodes()) : deployment;
    }

    private static SlotSet covered(List<ShardOutcome> outcomes) {
        return outcomes.stream().map(ShardOutcome::covered).reduce(SlotSet.NONE, SlotSet::union);
    }

    private static Optional<Ending> early(List<ShardOutcome> outcomes) {
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
