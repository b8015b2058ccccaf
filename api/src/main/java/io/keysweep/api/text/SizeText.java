package io.keysweep.api.text;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes sizes as people write them: {@code 64 MiB}, {@code 64mb}, {@code 1g}, {@code 1048576}.
 *
 * <p>The fields of the web console and the options of the command line accept these forms. Upper and lower case are
 * equal. A unit is always a power of 1024, and a number without a unit is in bytes.
 */
public final class SizeText {

    /** The first letter of each unit; the index is the power of 1024 that the unit stands for. */
    private static final List<String> UNITS = List.of("b", "k", "m", "g", "t");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*([kmgt]?)(i?b)?");

    private SizeText() {}

    /** Reads a size in bytes; returns empty if the text is not a size. */
    public static Optional<Long> parse(String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            return Optional.empty();
        }
        int power = size.group(2).isEmpty() ? 0 : UNITS.indexOf(size.group(2));
        long number = Long.parseLong(size.group(1));
        long bytes = number << (10 * power);
        // The shift loses bits of a number that is too large.
        return bytes >> (10 * power) == number && bytes >= 0 ? Optional.of(bytes) : Optional.empty();
    }

    /** Writes a size exactly, in the largest unit in which it is a whole number. */
    public static String of(long bytes) {
        int power = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && power < UNITS.size() - 1) {
            number /= 1024;
            power++;
        }
        String unit = UNITS.get(power).toUpperCase(Locale.ROOT);
        return number + " " + (power == 0 ? unit : unit + "iB");
    }
}
