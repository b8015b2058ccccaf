package io.keysweep.engine.insight;

/**
 * Reports how many expired keys a primary has removed lately, by its own counter {@code expired_keys}.
 *
 * <p>The counter contains the keys that its own expiry found, and those that clients came across. Keys that the sample
 * itself has removed are not in the rate.
 *
 * @param perSecond removed keys per second
 * @param seconds the time over which they were counted, s
 */
public record ExpiryRate(double perSecond, double seconds) {}
