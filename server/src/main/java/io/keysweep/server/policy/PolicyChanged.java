package io.keysweep.server.policy;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Announces that a policy was set or removed. The event is published in the transaction of the change, so that
 * listeners can wake the work that the old policy kept from running.
 *
 * @param kind the kind of the policy
 * @param projectId the project that owns the policy, or whose instance does
 * @param instanceId the instance whose exception changed, or null if the default of the project changed
 */
public record PolicyChanged(
        PolicyKind kind, String projectId, @Nullable UUID instanceId) {}
