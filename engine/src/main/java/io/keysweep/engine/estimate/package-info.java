/**
 * Estimates how many dead keys (expired keys that still hold memory) a server holds, and the cost of a sweep.
 *
 * <p>Start reading at {@code ReplicaFirstEstimator}. {@code TableSample}, {@code SlotSample} and {@code FullScan} are
 * the three ways to find the number.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.estimate;
