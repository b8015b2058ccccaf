package io.keysweep.server.policy;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Announces that a policy was set or removed. Listeners wake the work that the old policy kept waiting.
 *
 * <p>A policy is a document of settings, such as windows (times when sweeps may run), of a project or an instance.
 * {@link PolicyStore} publishes the event in the transaction of the change. It also publishes the event if a request
 * removes a policy that does not exist.
 *
 * @param kind the kind of the policy
 * @param projectId the project whose policy changed, or to which the instance belongs
 * @param instanceId the instance whose policy changed, or null if the default of the project changed
 */
public record PolicyChanged(
        PolicyKind kind, String projectId, @Nullable UUID instanceId) {}
