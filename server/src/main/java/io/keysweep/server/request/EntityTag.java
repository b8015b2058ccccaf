package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions as they stand in {@code ETag} and {@code If-Match}: a number in quotes. */
public final class EntityTag {

    private static final Pattern FORM = Pattern.compile("\"(\\d{1,9})\"");

    private EntityTag() {}

    /** For {@code ETag}. */
    public static String of(int version) {
        return "\"" + version + "\"";
    }

    /**
     * The version that a change is to be made to; null for any.
     *
     * @param of what has the version, for people, such as {@code the scan}
     */
    public static @Nullable Integer version(@Nullable String ifMatch, String of) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher tag = FORM.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw RequestRefusedException.parameter(
                    "If-Match", ifMatch, "* or the one ETag of " + of + ", such as \"3\"");
        }
        return Integer.valueOf(tag.group(1));
    }

    /** Refuses a change that was made for another version than the one that there is. */
    public static RequestRefusedException stale(@Nullable Integer expected, int version, String of) {
        return RequestRefusedException.of(
                ErrorCode.STALE,
                "If-Match is \"" + expected + "\", must be the ETag that " + of + " has now, \"" + version + "\".");
    }
}
