package io.keysweep.api;

/**
 * Summarizes how often and how long one reason held sweeps of a scan; {@code GET /api/v1/scans/{id}/holds} returns it.
 *
 * <p>A hold is a time in which the sweep of one primary sends no steps although its pace would allow them. A scan has
 * one sweep for each primary; their holds are added up.
 *
 * @param reason reason of the holds, without measured values, so that equal reasons are counted together
 * @param times number of holds for this reason, including a current one
 * @param heldMs total duration of the ended holds for this reason, in milliseconds; a current hold is not included
 */
public record HoldReasonView(String reason, int times, long heldMs) {}
