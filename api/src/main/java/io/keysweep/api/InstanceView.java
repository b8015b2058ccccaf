package io.keysweep.api;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Describes a registered instance, without its secrets; the requests under {@code /api/v1/instances} return it.
 *
 * <p>An instance is a server, Sentinel deployment or cluster whose expired keys the service removes.
 *
 * @param id id of the instance, a UUID
 * @param projectId id of the project that owns the instance, 32 hex characters
 * @param name name of the instance
 * @param uri URI of the deployment, without user and password
 * @param username ACL user; null for the default user
 * @param hasPassword whether a password is stored
 * @param sentinelUsername ACL user at the sentinels; null for the default user
 * @param hasSentinelPassword whether a password for the sentinels is stored
 * @param nodeMap replacements for addresses that nodes announce but the service cannot reach, {@code
 *     announced=actual,…}; null if there are none
 * @param tls certificates of TLS connections; null if connections are not encrypted
 * @param tags labels, each a key with a value, in the order of the keys
 * @param assist whether scans may raise settings of the servers for a while (assist); null if the project's ceilings
 *     (its limits for scans) decide
 * @param raisedSettings settings of its servers that assist has raised and not restored yet, by address; usually none
 * @param flavour product family, such as {@code REDIS} or {@code VALKEY}; null until the service has reached the server
 *     once
 * @param version version that the server reports; null until the service has reached the server once
 * @param problem why a scan was not possible at the last inspection; null if it was possible, or before the first
 *     inspection
 * @param checkedAt when the instance was inspected last; null before the first inspection
 * @param createdAt when the instance was registered
 * @param updatedAt when a client last changed the settings of the instance; null if no client has changed them
 * @param revision version of the settings, which every change raises. The ETag is this number in quotes
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
        Map<String, String> tags,
        @Nullable Boolean assist,
        List<RaisedSettingsView> raisedSettings,
        @Nullable String flavour,
        @Nullable String version,
        @Nullable String problem,
        @Nullable Instant checkedAt,
        Instant createdAt,
        @Nullable Instant updatedAt,
        int revision) {

    public InstanceView {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        // A service of an earlier version does not send this field.
        raisedSettings = raisedSettings == null ? List.of() : List.copyOf(raisedSettings);
    }
}
