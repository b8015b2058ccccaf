package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.util.Locale;
import java.util.Optional;

/**
 * Lists the profiles, which are named paces.
 *
 * <p>A profile says three things:
 *
 * <ul>
 *   <li>how long a step (a call that visits keys) may keep the server busy, which is the stall budget;
 *   <li>which share of the time of the server's main thread a sweep may use;
 *   <li>at which load the sweep slows down.
 * </ul>
 */
public enum Profile {
    /** Uses steps of at most 0.5 ms and a quarter of the time. */
    GENTLE,
    /** Uses steps of at most 2 ms and half of the time. */
    BALANCED,
    /**
     * Uses all of the time: up to four steps are sent ahead, without delays between them, and together keep the server
     * busy for at most 4 ms.
     */
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

    /** Returns the profile whose {@link #wireName} is {@code name}; empty if there is none. */
    public static Optional<Profile> ofWireName(String name) {
        for (Profile profile : values()) {
            if (profile.wireName().equals(name)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
