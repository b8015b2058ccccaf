package io.keysweep.server.policy;

import java.util.Optional;

/**
 * Holds what a change of a policy has led to, for the response to the request.
 *
 * @param policy policy that applies to the owner after the change; empty for none
 * @param version version of the policy that the owner has set itself
 */
public record StoredPolicy(Optional<Policy> policy, int version) {}
