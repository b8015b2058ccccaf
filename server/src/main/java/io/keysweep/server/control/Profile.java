package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.util.Locale;
import java.util.Optional;

/** The named paces. */
public enum Profile {
    GENTLE,
    BALANCED,
    FULL;

    /** What it stands for. */
    PacePolicy pace() {
        return switch (this) {
            case GENTLE -> PacePolicy.GENTLE;
            case BALANCED -> PacePolicy.BALANCED;
            case FULL -> PacePolicy.FULL;
        };
    }

    /** Lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The profile of that wire name. */
    static Optional<Profile> ofWireName(String name) {
        for (Profile profile : values()) {
            if (profile.wireName().equals(name)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
