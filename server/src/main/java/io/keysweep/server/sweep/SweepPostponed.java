package io.keysweep.server.sweep;

/**
 * Reports that a sweep waits to try its server again, so that another sweep on the same host can begin in the meantime.
 *
 * <p>A sweep is the part of a scan that visits one primary. Sweeps of one host normally run one after another.
 * {@link SweepSettlement} publishes the event, and the package {@code server.scan} schedules the other sweep.
 *
 * @param key key of the sweep that waits
 */
public record SweepPostponed(SweepKey key) {}
