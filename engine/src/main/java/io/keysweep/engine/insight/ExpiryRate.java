package io.keysweep.engine.insight;

/**
 * Holds the rate at which a primary has removed expired keys lately, by its own counter {@code expired_keys}.
 *
 * <p>The counter includes the keys that the server's own expiry found and the expired keys that clients accessed. Keys
 * that the sample itself has removed are not part of the rate.
 *
 * @param perSecond the number of removed keys per second
 * @param seconds the time in seconds over which they were counted
 */
public record ExpiryRate(double perSecond, double seconds) {}
