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
 * @param username ACL user, or null
 * @param hasPassword whether a password is kept for it
 * @param sentinelUsername ACL user at the sentinels, or null
 * @param hasSentinelPassword whether a password is kept for them
 * @param nodeMap where nodes are reached that announce another address, or null
 * @param tls whom it trusts and what it shows; null where it speaks plain text
 * @param flavour {@code REDIS}, {@code VALKEY}, …; null until it was reached once
 * @param version the server's own version; null until it was reached once
 * @param problem why it could not be swept at the last look, or null if it could
 * @param checkedAt when it was looked at last; null before the first time
 * @param createdAt when it was registered
 * @param updatedAt when what people set was changed last, or null
 * @param revision raised by every such change; in quotes it is the ETag
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
