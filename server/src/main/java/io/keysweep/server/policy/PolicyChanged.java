package io.keysweep.server.policy;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy was set or removed; published in the same transaction, so that whoever waits by it can be woken.
 *
 * @param kind what it is about
 * @param projectId whose
 * @param instanceId the instance it is an exception for, or null for the default of the project
 */
public record PolicyChanged(
        PolicyKind kind, String projectId, @Nullable UUID instanceId) {}
