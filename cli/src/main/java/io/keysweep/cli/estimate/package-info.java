/**
 * Implements {@code keysweep estimate}, which estimates how many dead keys (expired keys that still hold memory) a
 * server has.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.estimate;
