package io.keysweep.engine.advice;

import io.keysweep.engine.insight.ExpiryCycle;
import org.jspecify.annotations.Nullable;

/**
 * Holds the measurements on a server from which an {@link Advice} follows.
 *
 * @param keys the number of keys, including dead ones
 * @param volatileKeys the number of keys that have a TTL, including dead ones
 * @param dead the number of dead keys
 * @param inflowPerSecond the number of keys that die in a second (expire) and that no client removes by reading them;
 *     null if unknown
 * @param cycle the server's own expiry with its current settings; with their defaults if they are unknown
 * @param cycleRuns whether the server's own expiry runs; false if it has removed nothing although it should have.
 *     {@code DEBUG SET-ACTIVE-EXPIRE 0}, for example, switches it off, and no setting or field of INFO shows that
 * @param efficiency the part of the keys, which {@code cycle} expects the server to remove, that it really removes, by
 *     measurement; above 0 and at most 1. It is 1 if it was not measured
 * @param settings whether the settings of the server's own expiry can be changed
 * @param microsPerKey the main thread's time for each key of a sweep, µs
 */
public record ExpirySituation(
        long keys,
        long volatileKeys,
        long dead,
        @Nullable Double inflowPerSecond,
        ExpiryCycle cycle,
        boolean cycleRuns,
        double efficiency,
        SettingsAccess settings,
        double microsPerKey) {

    /** The part of all keys that may be dead without harm. */
    static final double TOLERATED_PART = 0.02;

    /** The number of dead keys that never matters. */
    static final long TOLERATED_KEYS = 1_000;

    /** Returns the number of dead keys below which nothing needs to be done. */
    long toleratedBacklog() {
        return Math.max(TOLERATED_KEYS, Math.round(keys * TOLERATED_PART));
    }

    /** Returns the inflow, or 0 if it is unknown. */
    double inflow() {
        Double inflow = inflowPerSecond;
        return inflow == null ? 0 : inflow;
    }

    /** Returns the number of live keys with a TTL. */
    double living() {
        return Math.max(0, volatileKeys - dead);
    }
}
