package io.keysweep.server.instance;

import io.keysweep.api.InstanceCheck;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * Tests whether servers can be swept: those of an instance, or those of settings that are not stored yet.
 *
 * <p>A server that cannot be swept is a result, not an error. The callers check the permissions. Thread-safe.
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

    /** Inspects the primaries of an instance as a scan would, stores the result, and returns it in detail. */
    InstanceCheck ofRegistered(Instance instance) {
        return check(() -> instances.inspect(instance));
    }

    /**
     * Inspects a deployment before it is registered, and stores nothing.
     *
     * @param document body of a registration
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks a rule
     */
    public InstanceCheck ofNew(@Nullable JsonNode document) {
        InstanceSettings settings = changes.read(document).settings();
        return check(() -> instances.inspect(settings.deployment()));
    }

    /**
     * Inspects the deployment that an instance would have after a change, and stores nothing.
     *
     * @param document body of a change; settings that it leaves out are those of the instance
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks a rule
     */
    public InstanceCheck ofChange(Instance instance, @Nullable JsonNode document) {
        InstanceSettings settings = changes.preview(instance, document);
        return check(() -> instances.inspect(settings.deployment()));
    }

    /** Runs an inspection, and returns its result and how many milliseconds it took. */
    private InstanceCheck check(Supplier<List<PrimarySummary>> inspection) {
        Instant begin = clock.instant();
        try {
            List<InstanceCheck.Primary> primaries =
                    inspection.get().stream().map(InstanceViews::primary).toList();
            return new InstanceCheck(/* sweepable= */ true, /* problem= */ null, millisSince(begin), primaries);
        } catch (NodeRefusedException e) {
            return new InstanceCheck(
                    /* sweepable= */ false,
                    String.valueOf(e.getMessage()),
                    millisSince(begin),
                    /* primaries= */ List.of());
        }
    }

    private long millisSince(Instant begin) {
        return Duration.between(begin, clock.instant()).toMillis();
    }
}
