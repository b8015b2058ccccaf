package io.keysweep.cli.service;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces numbers of seconds in messages about options such as {@code --timeout} by the form in which the user types
 * times, such as {@code 90m}.
 */
final class TypedDurations {

    /** Finds a sentence about an option whose value is a time; the service takes and names it in seconds. */
    private static final Pattern SENTENCE = Pattern.compile("--(?:timeout|every) is '\\d+'[^.]*");

    private static final Pattern VALUE = Pattern.compile("(?<= is )'(\\d+)'");

    private static final Pattern RANGE =
            Pattern.compile("a whole number of seconds from (\\d+) to (\\d+)|(?<!\\w)(\\d+) seconds");

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private TypedDurations() {}

    /** Returns the message with {@code --timeout is 1h} instead of {@code --timeout is '3600'}. */
    static String inPlaceOfSeconds(String message) {
        return SENTENCE.matcher(message).replaceAll(sentence -> {
            String text = VALUE.matcher(sentence.group()).replaceFirst(value -> "'" + typed(value.group(1)) + "'");
            text = RANGE.matcher(text)
                    .replaceAll(range -> range.group(3) == null
                            ? "a time from " + typed(range.group(1)) + " to " + typed(range.group(2))
                            : typed(range.group(3)));
            return Matcher.quoteReplacement(text);
        });
    }

    /** Returns a number of seconds in the largest unit that leaves no remainder; a number that is too large as it is. */
    private static String typed(String seconds) {
        if (seconds.length() > 15) {
            return seconds + "s";
        }
        long number = Long.parseLong(seconds);
        if (number == 0) {
            return "0s";
        }
        if (number % DAY == 0) {
            return number / DAY + "d";
        }
        if (number % HOUR == 0) {
            return number / HOUR + "h";
        }
        return number % MINUTE == 0 ? number / MINUTE + "m" : number + "s";
    }
}
