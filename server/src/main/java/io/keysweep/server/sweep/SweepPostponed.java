package io.keysweep.server.sweep;

/**
 * Is published when a sweep waits to try its server again, so that other sweeps on the same host need not wait for it.
 *
 * @param key key of the sweep that waits
 */
public record SweepPostponed(SweepKey key) {}
