package io.keysweep.cli.service;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces the names of JSON fields in messages of the service by the names of options, which the user knows. */
final class OptionNames {

    /** The options by field; the names of these fields are no English words, so they mean the field in any place. */
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("stallBudgetMs", "--stall-budget"),
            Map.entry("rateCeiling", "--max-rate"),
            Map.entry("timeoutSeconds", "--timeout"),
            Map.entry("intervalSeconds", "--every"),
            Map.entry("firstScanAt", "--first-scan-at"),
            Map.entry("scanKeysCount", "--scan-keys-count"),
            Map.entry("samplePrimary", "--sample-primary"),
            Map.entry("heldMinutes", "--held-minutes"),
            Map.entry("nodeMap", "--node-map"),
            Map.entry("sentinelUsername", "--sentinel-username"),
            Map.entry("sentinelPassword", "--sentinel-password"),
            Map.entry("tlsCa", "--tls-ca"),
            Map.entry("tlsCertificate", "--tls-cert"),
            Map.entry("tlsKey", "--tls-key"));

    private static final Pattern FIELD = Pattern.compile("\\b(" + String.join("|", OPTIONS.keySet()) + ")\\b");

    /** These fields have the names of English words, so only the beginning of a sentence can mean the field. */
    private static final Pattern WORD =
            Pattern.compile("(?m)^(\\s*)(share|profile|exact|username|password|tags)(?= is )");

    private OptionNames() {}

    static String inPlaceOfFields(String message) {
        String named = FIELD.matcher(message)
                .replaceAll(field -> Matcher.quoteReplacement(OPTIONS.getOrDefault(field.group(1), field.group())));
        return WORD.matcher(named).replaceAll("$1--$2");
    }
}
