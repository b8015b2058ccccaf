package io.keysweep.engine.reclaim;

/**
 * Contains the reclaim method that {@link MethodSelector} chose for a node, and the reason, which users see.
 *
 * @param method the reclaim method (script, transaction or pipeline), which sends the SCANs
 * @param reason why this method was chosen, for example {@code exact and atomic, and no key name leaves the server}
 */
public record MethodChoice(ReclaimMethod method, String reason) {}
