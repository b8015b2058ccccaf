package io.keysweep.api;

/**
 * Holds of a scan for one reason, as {@code GET /api/v1/scans/{id}/holds} lists them.
 *
 * @param reason why, without figures
 * @param times how often
 * @param heldMs how long in all, milliseconds, of those that have ended
 */
public record HoldsView(String reason, int times, long heldMs) {}
