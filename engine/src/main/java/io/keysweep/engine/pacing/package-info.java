/**
 * Decides how fast a sweep visits the keys of a server, with two control loops that are pure functions.
 *
 * <p>{@link io.keysweep.engine.pacing.Pacer} sets COUNT and delay after each step. {@link
 * io.keysweep.engine.pacing.Throttle} decides every 250 ms from the load signals whether the sweep slows down, holds or
 * ends.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.pacing;
