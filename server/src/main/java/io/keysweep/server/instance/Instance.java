package io.keysweep.server.instance;

import io.keysweep.engine.topology.Deployment;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered server.
 *
 * @param id its id in both APIs
 * @param projectId the owner
 * @param name what people call it, unique in the project
 * @param uri where it is, without credentials
 * @param deployment how to reach it, credentials included
 * @param observation what was last seen of it, or null before the first look
 * @param createdAt when it was registered
 * @param updatedAt when what people set was changed last, or null
 * @param revision raised by every such change
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

    /** A new one. */
    public static Instance of(UUID id, String projectId, InstanceSettings terms, Instant now) {
        return new Instance(id, projectId, terms.name(), terms.uri(), terms.deployment(), null, now, null, 1);
    }
}
