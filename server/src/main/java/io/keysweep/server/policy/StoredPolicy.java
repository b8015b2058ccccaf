package io.keysweep.server.policy;

import java.util.Optional;

/**
 * Holds the policy that applies to an owner after a change, and the version of the policy that the owner has set.
 *
 * @param policy empty for none
 */
public record StoredPolicy(Optional<Policy> policy, int version) {}
