/**
 * Sweeps whole deployments: all primaries side by side, in rounds until every slot is covered or five rounds are over.
 * Start reading at {@code DeploymentSweep}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.deployment;
