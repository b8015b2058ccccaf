package io.keysweep.server.instance;

import io.keysweep.api.InstanceCheck;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * Tests whether the servers of an instance can be swept, before or after the instance is registered or changed.
 *
 * <p>A server that cannot be swept gives a result with a problem, not an exception. The calling code checks the
 * permissions. Thread-safe.
 */
@Service
public class InstanceChecks {

    private final Instances instances;
    private final InstanceChanges changes;
    private final InstantSource clock;

    InstanceChecks(Instances instances, InstanceChanges changes, InstantSource clock) {
        this.instances = instances;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * Inspects the primaries of a registered instance as a scan would, and returns the result for each of them. {@link
     * Instances#inspect(Instance)} also stores a summary of the result with the instance.
     */
    InstanceCheck ofRegistered(Instance instance) {
        return check(() -> instances.inspect(instance), InstanceChecks::english);
    }

    /**
     * Inspects a deployment before it is registered, and stores nothing. Describes a problem in English.
     *
     * @param document JSON body of the request that would register the instance; null if it has none
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks a rule
     */
    InstanceCheck ofNew(@Nullable JsonNode document) {
        return ofNew(document, InstanceChecks::english);
    }

    /**
     * Inspects a deployment before it is registered, and stores nothing.
     *
     * @param document JSON body of the request that would register the instance; null if it has none
     * @param problemText describes the problem of a server that was refused, in the language of the user
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks a rule
     */
    public InstanceCheck ofNew(@Nullable JsonNode document, Function<NodeRefusedException, String> problemText) {
        InstanceSettings settings = changes.read(document).settings();
        return check(() -> instances.inspect(settings.deployment()), problemText);
    }

    /**
     * Inspects the deployment that an instance would have after a change, and stores nothing.
     *
     * @param document JSON body of the request for the change; settings that it leaves out keep the values of the
     *     instance
     * @param problemText describes the problem of a server that was refused, in the language of the user
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks a rule
     */
    public InstanceCheck ofChange(
            Instance instance, @Nullable JsonNode document, Function<NodeRefusedException, String> problemText) {
        InstanceSettings settings = changes.preview(instance, document);
        return check(() -> instances.inspect(settings.deployment()), problemText);
    }

    /** Runs an inspection, and returns its result with its duration in milliseconds. */
    private InstanceCheck check(
            Supplier<List<PrimarySummary>> inspection, Function<NodeRefusedException, String> problemText) {
        Instant begin = clock.instant();
        try {
            List<InstanceCheck.Primary> primaries =
                    inspection.get().stream().map(InstanceViews::primary).toList();
            return new InstanceCheck(/* sweepable= */ true, /* problem= */ null, millisSince(begin), primaries);
        } catch (NodeRefusedException e) {
            return new InstanceCheck(
                    /* sweepable= */ false, problemText.apply(e), millisSince(begin), /* primaries= */ List.of());
        }
    }

    /** Returns the problem as the API reports it. */
    private static String english(NodeRefusedException refusal) {
        return String.valueOf(refusal.getMessage());
    }

    private long millisSince(Instant begin) {
        return Duration.between(begin, clock.instant()).toMillis();
    }
}
