/** Sweeps whole deployments: the shards side by side, in rounds until every slot is covered. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.deployment;
