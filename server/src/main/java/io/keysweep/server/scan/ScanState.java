package io.keysweep.server.scan;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the states of a scan: {@code waiting → running → success | failed}.
 *
 * <p>A waiting scan that is cancelled becomes failed. The same names are in the column {@code scan.state}, in the field
 * {@code status} of the native API, and in the DCS API (the API of Huawei Cloud's Distributed Cache Service, under
 * {@code /v2}).
 */
public enum ScanState {
    /** The scan is created, but no worker has begun it. A scan that was paused before its start is still waiting. */
    WAITING,
    /** A worker has begun the scan. A scan that is paused or on hold is still running. */
    RUNNING,
    /** The scan has ended, and every primary was swept completely (all its keys were visited). */
    SUCCESS,
    /** The scan has ended without success: it failed, timed out or was cancelled. */
    FAILED;

    /** Returns the states that may follow this one; empty if the scan has ended. */
    public Set<ScanState> next() {
        return switch (this) {
            case WAITING -> Set.of(RUNNING, FAILED);
            case RUNNING -> Set.of(SUCCESS, FAILED);
            case SUCCESS, FAILED -> Set.of();
        };
    }

    /** Returns whether a scan in this state is active, that is, waits or runs. */
    public boolean active() {
        return !next().isEmpty();
    }

    /** Returns the name in lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the state with this wire name, such as {@code waiting}; empty if no state has it. */
    public static Optional<ScanState> ofWireName(String name) {
        for (ScanState state : values()) {
            if (state.wireName().equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
