package io.keysweep.engine.reclaim;

/**
 * The method that a node is swept with.
 *
 * @param method how steps are done
 * @param reason why this one, in one sentence
 */
public record MethodChoice(ReclaimMethod method, String reason) {}
