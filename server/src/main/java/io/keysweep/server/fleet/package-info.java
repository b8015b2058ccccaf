/**
 * Applies fleet documents: the wanted instances of a project in one document, applied completely or not at all.
 *
 * <p>An instance is a registered server, Sentinel deployment or cluster, with its settings, schedule and policies.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.fleet;
