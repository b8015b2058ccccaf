package io.keysweep.cli.service;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces the names of JSON fields in messages of the service by the names of options, which the user knows. */
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
            Pattern.compile(BEGIN + "(share|profile|exact|username|password|assist|status|state|days|limit|before"
                    + "|from|to|outcome|actor|action|resource|reason)(?= is )");

    /** Finds lists and their elements, such as {@code events[0]}, whose option gives one element. */
    private static final Pattern LIST =
            Pattern.compile(BEGIN + "(event|action|policie|instance|tag)s(\\[\\d+])?(?= (?:is|must) )");

    /** Finds a tag with its key, such as {@code tags.env}. */
    private static final Pattern TAG = Pattern.compile(BEGIN + "tags\\.(.+?)(?= (?:is '|has a bad key))");

    /** Finds addresses, which some commands take as an option and others as an argument of this name. */
    private static final Pattern ADDRESS = Pattern.compile(BEGIN + "(uri|url)(?= (?:is|has|contains|leads) |: )");

    private OptionNames() {}

    /** Returns the message with the options instead of the fields; {@code share is 2} becomes {@code --share is 2}. */
    static String inPlaceOfFields(String message) {
        String text = FIELD.matcher(message)
                .replaceAll(field -> Matcher.quoteReplacement(OPTIONS.getOrDefault(field.group(1), field.group())));
        text = WORD.matcher(text).replaceAll("$1--$2");
        text = LIST.matcher(text)
                .replaceAll(list -> list.group(1) + "--" + list.group(2).replace("policie", "policy"));
        text = TAG.matcher(text).replaceAll("$1--tag $2");
        return ADDRESS.matcher(text)
                .replaceAll(address -> address.group(1) + address.group(2).toUpperCase(Locale.ROOT));
    }
}
