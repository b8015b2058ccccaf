/** Keeps the service available while clients are slow, many or greedy: limits connections, bodies, rates and streams. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.admission;
