package io.keysweep.server.instance;

import io.keysweep.engine.topology.Deployment;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance is a server, a Sentinel deployment or a cluster that a project has registered, so that it can be scanned.
 *
 * @param id the id in the native API and the DCS API
 * @param projectId the project that owns the instance
 * @param name the name, unique in the project
 * @param uri the address without credentials, such as {@code redis://10.0.0.1:6379}
 * @param deployment the address with credentials and TLS, for connections; contains secrets
 * @param tags labels by which the owner sorts instances
 * @param assist whether scans may raise settings of the servers for a while; null if the ceilings of the
 *     project, its tags or the instance decide
 * @param observation the result of the last inspection; null before the first inspection, and after a change of the
 *     address
 * @param createdAt when the instance was registered
 * @param updatedAt when the settings were last changed, or null for never
 * @param revision the version of the settings: 1 at first, raised by 1 with every change
 */
public record Instance(
        UUID id,
        String projectId,
        String name,
        String uri,
        Deployment deployment,
        InstanceTags tags,
        @Nullable Boolean assist,
        @Nullable InstanceObservation observation,
        Instant createdAt,
        @Nullable Instant updatedAt,
        int revision) {

    /** Returns the part of this instance that users choose. */
    public InstanceSettings settings() {
        return new InstanceSettings(name, deployment, tags, assist);
    }

    /** Creates a new instance: it has revision 1, was never inspected, and is not stored yet. */
    public static Instance of(UUID id, String projectId, InstanceSettings settings, Instant now) {
        return new Instance(
                id,
                projectId,
                settings.name(),
                settings.uri(),
                settings.deployment(),
                settings.tags(),
                settings.assist(),
                /* observation= */ null,
                /* createdAt= */ now,
                /* updatedAt= */ null,
                /* revision= */ 1);
    }
}
