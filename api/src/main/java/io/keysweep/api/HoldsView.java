package io.keysweep.api;

/**
 * Summarizes the holds of a scan for one reason in the response of {@code GET /api/v1/scans/{id}/holds}.
 *
 * @param reason reason of the holds, without numbers
 * @param times number of holds
 * @param heldMs total duration in milliseconds of the holds that have ended
 */
public record HoldsView(String reason, int times, long heldMs) {}
