package io.keysweep.engine.reclaim;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares server versions by their major and minor number, because features depend on these two.
 *
 * @param major the first number, 7 in 7.0.15
 * @param minor the second number, 0 in 7.0.15
 */
public record ServerVersion(int major, int minor) implements Comparable<ServerVersion> {

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})(?:\\.(\\d{1,6}))?.*");

    /**
     * Parses a version such as {@code 7.0.15}; a text that is not a version is treated as 0.0, older than all versions.
     */
    public static ServerVersion parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return new ServerVersion(0, 0);
        }
        String minor = numbers.group(2);
        return new ServerVersion(Integer.parseInt(numbers.group(1)), minor == null ? 0 : Integer.parseInt(minor));
    }

    /** Returns whether this version is the given version or newer. */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return compareTo(new ServerVersion(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return Comparator.comparingInt(ServerVersion::major)
                .thenComparingInt(ServerVersion::minor)
                .compare(this, other);
    }
}
