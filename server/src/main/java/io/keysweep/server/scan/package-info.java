/**
 * Manages scans: their states, their storage, their APIs, and the rounds in which a cluster is swept.
 *
 * <p>A scan removes expired keys from an instance (a server or cluster that a project has registered). It consists of
 * sweeps, each of which visits one primary. The package {@code server.sweep} carries out the sweeps.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.scan;
