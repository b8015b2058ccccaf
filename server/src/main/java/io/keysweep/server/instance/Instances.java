package io.keysweep.server.instance;

import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Inspects the servers of instances, as a scan would before it begins, and stores the results.
 *
 * <p>An instance is a registered server, Sentinel deployment or cluster. An inspection connects to each primary
 * on the calling thread, reads what kind of server it is, and changes no live key. The result says what the servers
 * are, or why they cannot be scanned. Thread-safe.
 */
@Service
public class Instances {

    /** The maximum length of the SQL column of the problem in characters. */
    private static final int MAX_PROBLEM_LENGTH = 1000;

    private final InstanceStore store;
    private final SweepEngine engine;
    private final InstantSource clock;

    Instances(InstanceStore store, SweepEngine engine, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * Inspects an instance and returns it with the new result. If the server cannot be swept, the result contains the
     * problem, and no exception is thrown. If the instance was changed or removed in the meantime, returns {@code
     * instance} unchanged.
     */
    public Instance refresh(Instance instance) {
        try {
            inspect(instance);
        } catch (NodeRefusedException e) {
            // inspect has stored the problem, so the statement below reads it with the instance.
        }
        return store.find(instance.id())
                .filter(storedInstance -> storedInstance.revision() == instance.revision())
                .orElse(instance);
    }

    /**
     * Inspects all primaries of an instance, and returns one summary per primary. Stores the result, unless the
     * settings were changed in the meantime.
     *
     * @throws NodeRefusedException if one of the primaries cannot be swept; the reason is stored as the problem
     */
    public List<PrimarySummary> inspect(Instance instance) {
        try {
            List<PrimarySummary> primaries = inspect(instance.deployment());
            store.saveObservation(instance, observation(primaries));
            return primaries;
        } catch (NodeRefusedException e) {
            store.saveObservation(instance, observation(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** Returns the result of an inspection that has found a problem and no values. */
    private InstanceObservation observation(String problem) {
        return new InstanceObservation(
                /* flavour= */ null,
                /* version= */ null,
                /* usedMemory= */ null,
                /* maxMemory= */ null,
                /* keys= */ null,
                /* keysWithTtl= */ null,
                /* shards= */ null,
                /* replicas= */ null,
                ForeignText.beginning(problem, MAX_PROBLEM_LENGTH),
                clock.instant());
    }

    /**
     * Inspects all primaries of a deployment one after another, and returns one summary per primary. Stores nothing.
     *
     * @throws NodeRefusedException if one of the primaries cannot be swept
     */
    List<PrimarySummary> inspect(Deployment deployment) {
        return deployment instanceof Deployment.Cluster
                ? engine.discover(deployment).shards().stream()
                        .map(shard -> engine.inspect(deployment, shard))
                        .toList()
                : List.of(engine.inspect(deployment));
    }

    /**
     * Returns the sum of the memory limits of all primaries in bytes. Returns 0, which stands for no limit, if at least
     * one primary has no limit.
     */
    static long memoryLimit(List<PrimarySummary> primaries) {
        return primaries.stream().anyMatch(primary -> primary.maxMemory() == 0)
                ? 0
                : primaries.stream().mapToLong(PrimarySummary::maxMemory).sum();
    }

    /** Returns the used memory of all primaries in bytes; null if a primary does not report it. */
    private static @Nullable Long usedMemory(List<PrimarySummary> primaries) {
        return primaries.stream().anyMatch(primary -> primary.usedMemory() == 0)
                ? null
                : (Long)
                        primaries.stream().mapToLong(PrimarySummary::usedMemory).sum();
    }

    /**
     * Returns the result of an inspection without a problem: kind and version of the first primary, the memory and
     * the keys of all primaries, and the most replicas that a primary has.
     */
    private InstanceObservation observation(List<PrimarySummary> primaries) {
        // A cluster normally runs one version on all primaries, so the first stands for all.
        PrimarySummary firstPrimary = primaries.isEmpty() ? null : primaries.getFirst();
        return new InstanceObservation(
                firstPrimary == null ? null : firstPrimary.profile().flavour().name(),
                firstPrimary == null ? null : firstPrimary.profile().version(),
                usedMemory(primaries),
                memoryLimit(primaries),
                primaries.stream().mapToLong(PrimarySummary::totalKeys).sum(),
                primaries.stream().mapToLong(PrimarySummary::keysWithTtl).sum(),
                primaries.size(),
                primaries.stream().mapToInt(PrimarySummary::replicas).max().orElse(0),
                /* problem= */ null,
                clock.instant());
    }
}
