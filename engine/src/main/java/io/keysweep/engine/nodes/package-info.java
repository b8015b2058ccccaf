/** Reads which nodes a deployment has now: primaries, their replicas, and how far each replica is behind. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.nodes;
