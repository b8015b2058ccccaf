package io.keysweep.server.scan;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The life of a scan: {@code waiting → running → success | failed}. The names are the DCS API's. */
public enum ScanState {
    WAITING,
    RUNNING,
    SUCCESS,
    FAILED;

    /** The states that may follow; none after an end. */
    public Set<ScanState> next() {
        return switch (this) {
            case WAITING -> Set.of(RUNNING, FAILED);
            case RUNNING -> Set.of(SUCCESS, FAILED);
            case SUCCESS, FAILED -> Set.of();
        };
    }

    /** Whether a scan in this state waits or runs. */
    public boolean active() {
        return !next().isEmpty();
    }

    /** Lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that wire name. */
    public static Optional<ScanState> ofWireName(String name) {
        for (ScanState state : values()) {
            if (state.wireName().equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
