package io.keysweep.engine.sweep;

import java.util.OptionalLong;

/**
 * An expiry reading holds what the server reports at one moment about keys that have expired.
 *
 * <p>{@link SweepCounts} compares readings to learn what steps without a reply have reclaimed.
 *
 * @param counter the server's counter of expired keys, see {@link ServerStatus#expiredKeys}; empty if the server does
 *     not report one
 * @param traces traces of expiry by others, see {@link ServerStatus#expiryTraces}
 */
record ExpiryReading(OptionalLong counter, String traces) {

    /** Stands for a reading that could not be made. */
    static final ExpiryReading NONE = new ExpiryReading(OptionalLong.empty(), /* traces= */ "");
}
