package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents a registered instance.
 *
 * @param id UUID
 * @param projectId 32 hex characters
 * @param name name of the instance
 * @param uri URI of the deployment, without user and password
 * @param username ACL user, or null
 * @param hasPassword whether a password is stored
 * @param sentinelUsername ACL user at the sentinels, or null
 * @param hasSentinelPassword whether a password for the sentinels is stored
 * @param nodeMap addresses of nodes that announce unreachable addresses, or null
 * @param tls certificates of TLS connections; null if connections are not encrypted
 * @param flavour {@code REDIS}, {@code VALKEY}, …; null until the service has reached the server once
 * @param version version that the server reports; null until the service has reached the server once
 * @param problem why the instance could not be swept at the last inspection, or null if it could
 * @param checkedAt when the instance was inspected last; null before the first inspection
 * @param createdAt when the instance was registered
 * @param updatedAt when a client changed the settings of the instance last, or null
 * @param revision version of the settings; every change raises it. In quotes it is the ETag
 */
public record InstanceView(
        String id,
        String projectId,
        String name,
        String uri,
        @Nullable String username,
        boolean hasPassword,
        @Nullable String sentinelUsername,
        boolean hasSentinelPassword,
        @Nullable String nodeMap,
        @Nullable TlsView tls,
        @Nullable String flavour,
        @Nullable String version,
        @Nullable String problem,
        @Nullable Instant checkedAt,
        Instant createdAt,
        @Nullable Instant updatedAt,
        int revision) {}
