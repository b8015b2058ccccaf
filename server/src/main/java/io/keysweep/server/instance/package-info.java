/**
 * Stores the instances that projects have registered, with the secrets for their connections, and inspects their
 * servers.
 *
 * <p>An instance is a Redis or Valkey server, a Sentinel deployment or a cluster.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.instance;
