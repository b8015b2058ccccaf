package io.keysweep.server.scan;

import java.util.Locale;
import java.util.Optional;

/**
 * Lists how a scan can end. The APIs, the command line, the console, the reports and the metrics use the same names.
 *
 * <p>A {@link ScanState} distinguishes only success and failure, as the DCS API does (the API of Huawei Cloud's
 * Distributed Cache Service).
 */
public enum ScanEnding {
    /** Every primary was swept completely. */
    SUCCESS,
    /** The scan has failed after a user had cancelled it. */
    CANCELLED,
    /** The scan has failed because it had reached its timeout. */
    EXPIRED,
    /** The scan has failed, for example because of an error. */
    FAILED;

    /**
     * Returns how a scan has ended; empty if it waits or runs.
     *
     * @param cancelled whether a user has requested to cancel the scan. A scan that succeeds before a worker reads the
     *     request is treated as success
     * @param expired whether a sweep of the scan has reached the timeout
     */
    static Optional<ScanEnding> of(ScanState state, boolean cancelled, boolean expired) {
        return switch (state) {
            case WAITING, RUNNING -> Optional.empty();
            case SUCCESS -> Optional.of(SUCCESS);
            case FAILED -> Optional.of(ofFailed(cancelled, expired));
        };
    }

    /** Returns how a failed scan has ended. A scan that was cancelled and has expired is treated as cancelled. */
    private static ScanEnding ofFailed(boolean cancelled, boolean expired) {
        if (cancelled) {
            return CANCELLED;
        }
        return expired ? EXPIRED : FAILED;
    }

    /** Returns the name in lower case, as in JSON and in the metrics. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
