package io.keysweep.cli.service;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces the names of JSON fields and HTTP headers in messages of the service by the names of options and arguments,
 * which the user knows.
 */
final class OptionNames {

    /** The options by field. The names of these fields are not English words, so they always mean the field. */
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("stallBudgetMs", "--stall-budget"),
            Map.entry("rateCeiling", "--max-rate"),
            Map.entry("timeoutSeconds", "--timeout"),
            Map.entry("intervalSeconds", "--every"),
            Map.entry("firstScanAt", "--first-scan-at"),
            Map.entry("scanKeysCount", "--scan-keys-count"),
            Map.entry("samplePrimary", "--sample-primary"),
            Map.entry("heldMinutes", "--held-minutes"),
            Map.entry("expiresAt", "--expires-at"),
            Map.entry("overlapMinutes", "--overlap-minutes"),
            Map.entry("userId", "--user"),
            Map.entry("scanType", "--type"),
            Map.entry("nodeMap", "--node-map"),
            Map.entry("sentinelUsername", "--sentinel-username"),
            Map.entry("sentinelPassword", "--sentinel-password"),
            Map.entry("tlsCa", "--tls-ca"),
            Map.entry("tlsCertificate", "--tls-cert"),
            Map.entry("tlsKey", "--tls-key"));

    /** Finds one of these fields as a whole word. */
    private static final Pattern FIELD = Pattern.compile("\\b(" + String.join("|", OPTIONS.keySet()) + ")\\b");

    /** Finds the beginning of a sentence: the beginning of a line, or the end of the previous sentence. */
    private static final String BEGIN = "(?m)((?:^|(?<=\\. ))\\s*)";

    /**
     * Finds fields with the names of English words. They mean the field only at the beginning of a sentence and before
     * "is", as in {@code share is 2}. Their options have the same names.
     */
    private static final Pattern WORD =
            Pattern.compile(BEGIN + "(id|share|profile|exact|username|password|assist|status|state|days|limit|before"
                    + "|from|to|outcome|actor|action|resource|reason)(?= is )");

    /** Finds lists and their elements, such as {@code events[0]}, whose option gives one element. */
    private static final Pattern LIST =
            Pattern.compile(BEGIN + "(event|action|policie|instance|tag)s(\\[\\d+])?(?= (?:is|must) )");

    /** Finds a tag with its key, such as {@code tags.env}. */
    private static final Pattern TAG = Pattern.compile(BEGIN + "tags\\.(.*?)(?= (?:is '|has a bad key))");

    /** Finds addresses and names, which some commands take as an option and others as an argument of this name. */
    private static final Pattern ARGUMENT = Pattern.compile(BEGIN + "(uri|url|name)(?= (?:is|has|contains|leads) |: )");

    /** Finds the field before a sentence about the user of an instance, who may be in the URI or in an option. */
    private static final Pattern USER = Pattern.compile(BEGIN + "uri: (?=the (?:sentinel )?user ')");

    /** Finds a password that the message does not show. The user has typed it, or has named a file with it. */
    private static final Pattern PASSWORD = Pattern.compile(BEGIN + "password(?= \\(not shown here\\))");

    /** Finds the fields that can be changed only after a scan. */
    private static final Pattern ADDRESS_AND_MAP = Pattern.compile("\\buri and (?=--node-map )");

    /** Finds a use of assist that is refused. The command line has an option for each use. */
    private static final Pattern ASSIST_USE =
            Pattern.compile(BEGIN + "--assist is '(before|only)', must be none, because (?=.)");

    /** Finds a change that is refused because the resource has another version by now. */
    private static final Pattern STALE =
            Pattern.compile("If-Match is \"(\\d+)\", but the current ETag of (.+?) is \"(\\d+)\"");

    private OptionNames() {}

    /** Returns the message with the options instead of the fields; {@code share is 2} becomes {@code --share is 2}. */
    static String inPlaceOfFields(String message) {
        String text = FIELD.matcher(message)
                .replaceAll(field -> Matcher.quoteReplacement(OPTIONS.getOrDefault(field.group(1), field.group())));
        text = WORD.matcher(text).replaceAll("$1--$2");
        text = LIST.matcher(text)
                .replaceAll(list -> list.group(1) + "--" + list.group(2).replace("policie", "policy"));
        text = TAG.matcher(text)
                .replaceAll(tag -> Matcher.quoteReplacement(
                        tag.group(1) + "--tag " + (tag.group(2).isEmpty() ? "''" : tag.group(2))));
        text = USER.matcher(text).replaceAll("$1");
        text = PASSWORD.matcher(text).replaceAll("$1the password");
        text = ADDRESS_AND_MAP.matcher(text).replaceAll("--uri and ");
        text = ASSIST_USE
                .matcher(text)
                .replaceAll(use -> use.group(1) + (use.group(2).equals("only") ? "--assist-only" : "--assist")
                        + " is not possible, because ");
        text = STALE.matcher(text).replaceAll(OptionNames::version);
        text = TypedDurations.inPlaceOfSeconds(text);
        return ARGUMENT.matcher(text)
                .replaceAll(argument -> argument.group(1) + argument.group(2).toUpperCase(Locale.ROOT));
    }

    /** Returns a sentence about the version that the user expects, without the HTTP headers that carry it. */
    private static String version(MatchResult stale) {
        String expected = stale.group(1);
        String subject = stale.group(2);
        String current = stale.group(3);
        String sentence = switch (subject) {
            // The command has read the version of a schedule itself, so the user knows none.
            case "the schedule" -> "Its version is " + current + ", no longer " + expected;
            case "the instance" ->
                "--if-revision is " + expected + ", but the current revision of the instance is " + current;
            default -> "--if-version is " + expected + ", but the current version of " + subject + " is " + current;
        };
        return Matcher.quoteReplacement(sentence);
    }
}
