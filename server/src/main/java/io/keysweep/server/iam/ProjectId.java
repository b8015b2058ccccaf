package io.keysweep.server.iam;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Creates and parses project ids, which are UUIDs. Clients may send them with or without dashes; the service stores and
 * shows them without dashes, as Huawei Cloud does.
 */
public final class ProjectId {

    /** The rule for project ids, as error messages state it. */
    public static final String RULE = "32 characters of 0-9 and a-f, or the same as a UUID with dashes";

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private ProjectId() {}

    /** Returns a new id: 122 random bits as 32 hex characters. */
    public static String random() {
        return of(UUID.randomUUID());
    }

    /** Returns a UUID as a project id, without dashes. */
    public static String of(UUID id) {
        return id.toString().replace("-", "");
    }

    /** Returns a project id without dashes as a UUID. */
    public static UUID toUuid(String projectId) {
        return UUID.fromString(projectId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }

    /** Returns the id without dashes; empty if the text has another form. */
    public static Optional<String> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(text.replace("-", "")) : Optional.empty();
    }

    /** Returns the id without dashes, or the text itself if it has another form; no project has such an id. */
    public static String canonical(String text) {
        return parse(text).orElse(text);
    }
}
