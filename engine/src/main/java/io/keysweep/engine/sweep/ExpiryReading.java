package io.keysweep.engine.sweep;

import java.util.OptionalLong;

/**
 * An expiry reading holds what the server reports at one moment about keys that have expired.
 *
 * @param counter the server's counter of expired keys; empty if the server does not report one
 * @param traces traces of expiry by others, see {@link ServerStatus#expiryTraces}
 */
record ExpiryReading(OptionalLong counter, String traces) {}
