package io.keysweep.server.iam;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parses project ids, which are UUIDs. Clients write them with or without dashes; the service stores and shows them
 * without.
 */
public final class ProjectId {

    /** The rule for project ids, as error messages state it. */
    public static final String RULE = "32 characters of 0-9 and a-f, or the same as a UUID with dashes";

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private ProjectId() {}

    /** Returns the id without dashes; empty if the text has another form. */
    public static Optional<String> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(text.replace("-", "")) : Optional.empty();
    }

    /** Returns the id without dashes, or the text itself if it has another form, so that no project has it. */
    public static String canonical(String text) {
        return parse(text).orElse(text);
    }
}
