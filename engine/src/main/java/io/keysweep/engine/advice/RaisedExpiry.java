package io.keysweep.engine.advice;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Represents settings that make a server's own expiry remove more keys.
 *
 * @param effort the value of {@code active-expire-effort}, 1 to 10
 * @param hz the value of {@code hz}; 0 if it does not change
 */
record RaisedExpiry(int effort, int hz) {

    private static final Pattern TEXT = Pattern.compile("active-expire-effort (\\d{1,2})(?:, hz (\\d{1,3}))?");

    /** Reads settings from the text that {@link #text} returns. */
    static RaisedExpiry parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        String hz = matcher.group(2);
        return new RaisedExpiry(Integer.parseInt(matcher.group(1)), hz == null ? 0 : Integer.parseInt(hz));
    }

    /** Returns the higher value of each setting, which is enough for both servers. */
    RaisedExpiry max(RaisedExpiry other) {
        return new RaisedExpiry(Math.max(effort, other.effort), Math.max(hz, other.hz));
    }

    /** Returns the settings for the user, for example {@code active-expire-effort 4, hz 100}. */
    String text() {
        return "active-expire-effort " + effort + (hz == 0 ? "" : ", hz " + hz);
    }
}
