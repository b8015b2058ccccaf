package io.keysweep.engine.sweep;

import java.util.OptionalLong;

/**
 * Holds the server's counters about expired keys at one moment.
 *
 * <p>{@link SweepCounts} compares readings to learn how many keys were reclaimed by steps whose replies are missing.
 *
 * @param counter the server's counter of expired keys, see {@link ServerStatus#expiredKeys}; empty if the server does
 *     not report one
 * @param traces traces of expiry by others, see {@link ServerStatus#expiryTraces}
 */
record ExpiryReading(OptionalLong counter, String traces) {

    /** Stands for a reading that could not be made. */
    static final ExpiryReading NONE = new ExpiryReading(OptionalLong.empty(), /* traces= */ "");
}
