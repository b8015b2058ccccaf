/**
 * Keeps the service available while clients are slow, many or greedy: limits connections, bodies, rates and streams.
 *
 * <p>{@link io.keysweep.server.admission.ConnectionGuard} limits connections, {@link
 * io.keysweep.server.admission.RequestBodies} the memory of request bodies, and {@link
 * io.keysweep.server.admission.ClientLimits} rates and event streams of single clients.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.admission;
