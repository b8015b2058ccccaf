package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registered instance.
 *
 * @param id UUID
 * @param projectId 32 hex characters
 * @param name what people call it
 * @param uri where it is, without user and password
 * @param flavour {@code REDIS}, {@code VALKEY}, …; null until it was reached once
 * @param version the server's own version; null until it was reached once
 * @param problem why it cannot be swept at the moment, or null if it can
 * @param createdAt when it was registered
 */
public record InstanceView(
        String id,
        String projectId,
        String name,
        String uri,
        @Nullable String flavour,
        @Nullable String version,
        @Nullable String problem,
        Instant createdAt) {}
