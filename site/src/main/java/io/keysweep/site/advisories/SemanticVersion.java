package io.keysweep.site.advisories;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares versions of npm packages as Semantic Versioning 2.0.0 says: {@code 1.0.0-rc.1} comes before {@code 1.0.0}.
 *
 * @param numbers the major, minor and patch version
 * @param preRelease the parts of the pre-release; empty for a release
 */
record SemanticVersion(List<BigInteger> numbers, List<String> preRelease) implements Comparable<SemanticVersion> {

    /** Matches a version; OSV files also write {@code 0} for the lowest one. The build after a plus has no order. */
    private static final Pattern FORM =
            Pattern.compile("v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");

    /**
     * Parses a version.
     *
     * @throws IllegalArgumentException if the text is not a version
     */
    static SemanticVersion parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a semantic version");
        }
        return new SemanticVersion(
                List.of(number(form.group(1)), number(form.group(2)), number(form.group(3))),
                form.group(4) == null ? List.of() : List.of(form.group(4).split("\\.", -1)));
    }

    private static BigInteger number(@Nullable String digits) {
        return digits == null ? BigInteger.ZERO : new BigInteger(digits);
    }

    @Override
    public int compareTo(SemanticVersion other) {
        for (int i = 0; i < numbers.size(); i++) {
            int order = numbers.get(i).compareTo(other.numbers.get(i));
            if (order != 0) {
                return order;
            }
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
            int order = comparePart(preRelease.get(i), other.preRelease.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(preRelease.size(), other.preRelease.size());
    }

    /** Compares two parts of pre-releases: a number comes before a text, and numbers are compared as numbers. */
    private static int comparePart(String first, String second) {
        boolean firstIsNumber = isNumber(first);
        boolean secondIsNumber = isNumber(second);
        if (firstIsNumber && secondIsNumber) {
            return new BigInteger(first).compareTo(new BigInteger(second));
        }
        if (firstIsNumber != secondIsNumber) {
            return firstIsNumber ? -1 : 1;
        }
        return first.compareTo(second);
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
