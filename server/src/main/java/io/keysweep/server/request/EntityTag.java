package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Formats versions as entity tags and reads them back from {@code If-Match} (RFC 9110, sections 8.8.3 and 13.1.1).
 *
 * <p>The tag of a version is its number in quotes: version 3 is {@code "3"}.
 */
public final class EntityTag {

    private static final Pattern FORM = Pattern.compile("\"(\\d{1,9})\"");

    private EntityTag() {}

    /** Returns the value of the {@code ETag} header for a version. */
    public static String of(int version) {
        return "\"" + version + "\"";
    }

    /**
     * Reads the version that a client expects to change from its {@code If-Match} header.
     *
     * @param subject name of what has the version, for an error message, such as {@code the scan}
     * @return null if the header is missing or {@code *}, so that any version may be changed
     * @throws RequestRefusedException if the header is neither {@code *} nor one such tag
     */
    public static @Nullable Integer expectedVersion(@Nullable String ifMatch, String subject) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher tag = FORM.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw RequestRefusedException.parameter(
                    "If-Match", ifMatch, "* or the one ETag of " + subject + ", such as \"3\"");
        }
        return Integer.valueOf(tag.group(1));
    }

    /**
     * Creates the refusal of a change for which the client expects another version than the current one.
     *
     * @param version the current version
     */
    public static RequestRefusedException stale(@Nullable Integer expected, int version, String subject) {
        return RequestRefusedException.of(
                ErrorCode.STALE,
                "If-Match is \"" + expected + "\", must be the ETag that " + subject + " has now, \"" + version
                        + "\".");
    }
}
