package io.keysweep.server.instance;

import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Service;

/** Looks at instances. Safe to share. */
@Service
public class Instances {

    private final InstanceStore store;
    private final SweepEngine engine;
    private final InstantSource clock;

    Instances(InstanceStore store, SweepEngine engine, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.clock = clock;
    }

    /** Looks at the instance and notes what was seen; never throws for what is wrong with the server. */
    public Instance look(Instance instance) {
        try {
            inspect(instance);
        } catch (NodeRefusedException e) {
            // Noted by inspect.
        }
        return store.find(instance.id()).orElse(instance);
    }

    /**
     * Looks at all primaries of the instance, notes what was seen and gives it.
     *
     * @throws NodeRefusedException if one of them cannot be swept
     */
    public List<PrimarySummary> inspect(Instance instance) {
        try {
            List<PrimarySummary> seen = inspect(instance.deployment());
            store.observe(instance.id(), observation(seen));
            return seen;
        } catch (NodeRefusedException e) {
            String problem = String.valueOf(e.getMessage());
            store.observe(
                    instance.id(),
                    new InstanceObservation(
                            null,
                            null,
                            null,
                            null,
                            null,
                            problem.length() > 1000 ? problem.substring(0, 1000) : problem,
                            clock.instant()));
            throw e;
        }
    }

    /**
     * Looks at all primaries of a deployment, and notes nothing.
     *
     * @throws NodeRefusedException if one of them cannot be swept
     */
    List<PrimarySummary> inspect(Deployment deployment) {
        return deployment instanceof Deployment.Cluster
                ? engine.discover(deployment).shards().stream()
                        .map(shard -> engine.inspect(deployment, shard))
                        .toList()
                : List.of(engine.inspect(deployment));
    }

    private InstanceObservation observation(List<PrimarySummary> seen) {
        PrimarySummary first = seen.isEmpty() ? null : seen.getFirst();
        return new InstanceObservation(
                first == null ? null : first.profile().flavour().name(),
                first == null ? null : first.profile().version(),
                seen.stream().mapToLong(PrimarySummary::usedMemory).sum(),
                seen.stream().mapToLong(PrimarySummary::maxMemory).sum(),
                seen.size(),
                null,
                clock.instant());
    }
}
