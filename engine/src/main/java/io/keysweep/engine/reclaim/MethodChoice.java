package io.keysweep.engine.reclaim;

/**
 * Holds the method that a node is swept with, and the reason.
 *
 * @param method the reclaim method
 * @param reason why this method was chosen, in one sentence
 */
public record MethodChoice(ReclaimMethod method, String reason) {}
