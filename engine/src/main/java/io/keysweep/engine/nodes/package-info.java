/** Reads which nodes a deployment has now: primaries, their replicas, and how far these are behind. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.nodes;
