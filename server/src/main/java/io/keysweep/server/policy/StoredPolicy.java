package io.keysweep.server.policy;

import java.util.Optional;

/**
 * Contains a policy and its version after a change, for the response to the request that made the change.
 *
 * @param policy policy that applies to the owner after the change; empty if there is none
 * @param version version of the policy that the owner has set itself
 */
public record StoredPolicy(Optional<Policy> policy, int version) {}
