package io.keysweep.server.instance;

import io.keysweep.engine.topology.Deployment;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance is a server, or a whole deployment, that a project has registered.
 *
 * @param id the id in both APIs
 * @param projectId the project that owns the instance
 * @param name the name, unique in the project
 * @param uri the address, without credentials
 * @param deployment how to connect, with credentials
 * @param observation the result of the last inspection, or null before the first one
 * @param createdAt when the instance was registered
 * @param updatedAt when its settings were last changed, or null
 * @param revision a number that starts at 1 and that every change of the settings raises by 1
 */
public record Instance(
        UUID id,
        String projectId,
        String name,
        String uri,
        Deployment deployment,
        @Nullable InstanceObservation observation,
        Instant createdAt,
        @Nullable Instant updatedAt,
        int revision) {

    /** Returns a new instance with revision 1, which was never inspected. */
    public static Instance of(UUID id, String projectId, InstanceSettings settings, Instant now) {
        return new Instance(id, projectId, settings.name(), settings.uri(), settings.deployment(), null, now, null, 1);
    }
}
