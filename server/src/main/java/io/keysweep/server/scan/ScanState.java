package io.keysweep.server.scan;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Names the states of a scan, as the DCS API does: {@code waiting → running → success | failed}. */
public enum ScanState {
    WAITING,
    RUNNING,
    SUCCESS,
    FAILED;

    /** Returns the states that may follow; none follows an end. */
    public Set<ScanState> next() {
        return switch (this) {
            case WAITING -> Set.of(RUNNING, FAILED);
            case RUNNING -> Set.of(SUCCESS, FAILED);
            case SUCCESS, FAILED -> Set.of();
        };
    }

    /** Returns whether a scan in this state waits or runs. */
    public boolean active() {
        return !next().isEmpty();
    }

    /** Returns the name in lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the state with that wire name. */
    public static Optional<ScanState> ofWireName(String name) {
        for (ScanState state : values()) {
            if (state.wireName().equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
