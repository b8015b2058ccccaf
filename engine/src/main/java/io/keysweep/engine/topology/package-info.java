/** Describes deployments, their nodes and slots, how to authenticate to them, and why a node is refused. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.topology;
