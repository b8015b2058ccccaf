package io.keysweep.server.policy;

import java.time.Instant;

/**
 * Represents a stored policy: a JSON document of settings, such as windows (times when sweeps may run), for a project or
 * an instance.
 *
 * <p>An instance is a server, Sentinel deployment or cluster that the project has registered. A project sets the
 * default for its instances; an instance sets an exception, which replaces the default. {@link PolicyStore} reads and
 * writes policies.
 *
 * @param document the policy as JSON, which was checked when it was set
 * @param ofInstance true for the exception of an instance, false for the default of a project
 * @param setBy the id of the access key that set the policy
 * @param setAt when the policy was set
 */
public record Policy(String document, boolean ofInstance, String setBy, Instant setAt) {}
