package io.keysweep.engine.advice;

/** States whether the settings of a server's own expiry can be changed with CONFIG SET, as far as is known. */
public enum SettingsAccess {
    /** The server reports the settings, so they can probably be changed. */
    REPORTED,
    /**
     * The server refuses CONFIG to this user, or does not report the settings. Perhaps its provider can change them.
     * Their values are unknown.
     */
    REFUSED,
    /** The server has no setting {@code active-expire-effort}, as Redis before 6.0. */
    MISSING
}
