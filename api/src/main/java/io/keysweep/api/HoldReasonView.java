package io.keysweep.api;

/**
 * Summarizes how often and how long one reason kept a scan from removing keys; {@code GET /api/v1/scans/{id}/holds}
 * returns it.
 *
 * @param reason reason of the holds, without measured values, so that equal reasons are counted together
 * @param times number of holds for this reason
 * @param heldMs total duration of the ended holds for this reason, in milliseconds
 */
public record HoldReasonView(String reason, int times, long heldMs) {}
