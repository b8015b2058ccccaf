/**
 * Decides how fast a sweep visits the keys of a server, in two pure control loops: {@link
 * io.keysweep.engine.pacing.Pacer} from one step to the next, {@link io.keysweep.engine.pacing.Throttle} every 250 ms
 * from the load that others see.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.pacing;
