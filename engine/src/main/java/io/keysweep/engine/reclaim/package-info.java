/**
 * Performs one step of a sweep: a SCAN, by which the server itself removes expired keys, between two counts of keys.
 *
 * <p>{@link io.keysweep.engine.reclaim.MethodSelector} chooses a {@link io.keysweep.engine.reclaim.ReclaimMethod} for
 * each server: the commands that make up a step.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.reclaim;
