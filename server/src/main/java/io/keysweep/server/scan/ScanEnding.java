package io.keysweep.server.scan;

import java.util.Optional;

/**
 * Lists how a scan can end. The APIs, the command line, the console, the reports and the metrics use the same names.
 *
 * <p>A {@link ScanState} distinguishes only success and failure, as the DCS API does (the API of Huawei Cloud's
 * Distributed Cache Service).
 */
public enum ScanEnding {
    /** Every primary was swept completely. */
    SUCCESS("success"),
    /** The scan has failed after a user had cancelled it. */
    CANCELLED("cancelled"),
    /** The scan has failed because it had reached its timeout. */
    TIMED_OUT("expired"),
    /** The scan has failed, for example because of an error. */
    FAILED("failed");

    private final String wireName;

    ScanEnding(String wireName) {
        this.wireName = wireName;
    }

    /**
     * Returns how a scan has ended; empty if it waits or runs.
     *
     * @param cancelled whether a user has requested to cancel the scan. A scan that succeeds before a worker reads the
     *     request is treated as success
     * @param timedOut whether a sweep of the scan has reached the timeout
     */
    static Optional<ScanEnding> of(ScanState state, boolean cancelled, boolean timedOut) {
        return switch (state) {
            case WAITING, RUNNING -> Optional.empty();
            case SUCCESS -> Optional.of(SUCCESS);
            case FAILED -> Optional.of(ofFailed(cancelled, timedOut));
        };
    }

    /** Returns how a failed scan has ended. A scan that was cancelled and has timed out is treated as cancelled. */
    private static ScanEnding ofFailed(boolean cancelled, boolean timedOut) {
        if (cancelled) {
            return CANCELLED;
        }
        return timedOut ? TIMED_OUT : FAILED;
    }

    /** Returns the name in JSON and in the metrics. A scan that has timed out is called {@code expired} there. */
    public String wireName() {
        return wireName;
    }
}
