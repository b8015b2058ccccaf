package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts versions of resources to entity tags, and {@code If-Match} headers back to versions.
 *
 * <p>A client that changes a resource can send the tag that it has read. If another client has changed the resource
 * since, the service refuses the change, so no update is lost.
 *
 * <p>The tag of version 3 is {@code "3"}, with the quotes (RFC 9110, sections 8.8.3 and 13.1.1).
 */
public final class EntityTag {

    /** Form of a tag. A number of 9 digits always fits into an int. */
    private static final Pattern FORM = Pattern.compile("\"(\\d{1,9})\"");

    private EntityTag() {}

    /** Returns the value of the {@code ETag} header for a version. */
    public static String of(int version) {
        return "\"" + version + "\"";
    }

    /**
     * Reads the version that a client expects to change from its {@code If-Match} header.
     *
     * @param ifMatch value of the header; null if the request has none
     * @param subject name of the resource for an error message, such as {@code the scan}
     * @return the version; null if the header is missing or is {@code *}, because the client then accepts any version
     * @throws RequestRefusedException if the header is neither {@code *} nor one tag of this form
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
     * Creates the refusal of a change because the resource does not have the version that the client expects.
     *
     * @param expected version that the client expects, for the message
     * @param version version that the resource has now
     * @param subject name of the resource for the error message, such as {@code the scan}
     */
    public static RequestRefusedException stale(@Nullable Integer expected, int version, String subject) {
        return RequestRefusedException.of(
                ErrorCode.STALE,
                Phrase.of(
                        "If-Match is \"{0}\", but the current ETag of {1} is \"{2}\".",
                        String.valueOf(expected), subject, version));
    }
}
