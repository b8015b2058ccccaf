package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.util.Locale;
import java.util.Optional;

/**
 * Lists the profiles. A profile is a named pace: how long a step may keep the server busy, and which share of the time
 * of the server's main thread a sweep may use.
 */
public enum Profile {
    /** Uses steps of 0.5 ms and a quarter of the time. */
    GENTLE,
    /** Uses steps of 2 ms and half of the time. */
    BALANCED,
    /** Uses steps without delays between them, which keep the server busy for 4 ms together. */
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

    /** Returns the profile with this wire name; empty if no profile has it. */
    static Optional<Profile> ofWireName(String name) {
        for (Profile profile : values()) {
            if (profile.wireName().equals(name)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
