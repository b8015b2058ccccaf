package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.util.Locale;
import java.util.Optional;

/** Names the profiles: gentle, balanced and full. */
public enum Profile {
    GENTLE,
    BALANCED,
    FULL;

    /** Returns the pace of this profile. */
    PacePolicy pace() {
        return switch (this) {
            case GENTLE -> PacePolicy.GENTLE;
            case BALANCED -> PacePolicy.BALANCED;
            case FULL -> PacePolicy.FULL;
        };
    }

    /** Returns the name in lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the profile with that wire name. */
    static Optional<Profile> ofWireName(String name) {
        for (Profile profile : values()) {
            if (profile.wireName().equals(name)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
