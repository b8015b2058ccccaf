/**
 * Manages scans: their states, their storage, their APIs, and the rounds in which a cluster is swept. The package
 * {@code server.sweep} carries out the sweeps.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.scan;
