package io.keysweep.engine.egress;

import io.keysweep.engine.text.ForeignText;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes TCP ports that follow one another, such as {@code 7000-7005}, or one port.
 *
 * @param first the lowest port, at least 1
 * @param last the highest port, at most 65535
 */
public record PortRange(int first, int last) {

    /** Contains every port. */
    public static final PortRange ALL = new PortRange(1, 65_535);

    private static final int MAX_PORT = 65_535;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    public PortRange {
        if (first < 1 || last < first || last > MAX_PORT) {
            throw new IllegalArgumentException(
                    "ports are '" + first + "-" + last + "', must be from 1 to 65535, the lower one first");
        }
    }

    /**
     * Parses ports and ranges that are separated by commas, such as {@code 6379,7000-7005}. There must be at least one.
     *
     * @throws IllegalArgumentException if the text has another form; the message contains the wrong part and the rule
     */
    public static List<PortRange> parseList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(PortRange::parse)
                .toList();
    }

    private static PortRange parse(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new IllegalArgumentException("ports are '" + ForeignText.excerpt(text)
                    + "', must be a port or a range of ports, for example 6379,7000-7005");
        }
        int firstPort = Integer.parseInt(range.group(1));
        return new PortRange(firstPort, range.group(2) == null ? firstPort : Integer.parseInt(range.group(2)));
    }

    /** Returns whether the range contains a port. */
    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    /** Returns the form that {@link #parseList} reads. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
