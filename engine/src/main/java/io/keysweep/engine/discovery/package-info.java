/** Finds the current primaries of a deployment by asking the nodes of a cluster, or sentinels. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.discovery;
