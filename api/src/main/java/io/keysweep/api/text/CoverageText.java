package io.keysweep.api.text;

import io.keysweep.api.DatabaseView;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why a database is treated as covered, for the command line and the web console.
 *
 * <p>A sweep has covered a database once it has visited all keys of it. If no key with a TTL is left in the database,
 * it is treated as covered without a visit.
 */
public final class CoverageText {

    private CoverageText() {}

    /**
     * Returns the words for a {@link DatabaseView#coverage()}, such as {@code covered, as no key with a TTL was left}.
     * The words are empty if every key was visited or the database is not covered, because such a database needs no
     * explanation.
     */
    public static String of(@Nullable String coverage) {
        return DatabaseView.NO_TTL.equals(coverage) ? "covered, as no key with a TTL was left" : "";
    }

    /**
     * Returns a semicolon and the words of {@link #of}, to append to other text of a line; empty if there are no words.
     */
    public static String suffix(@Nullable String coverage) {
        String words = of(coverage);
        return words.isEmpty() ? "" : "; " + words;
    }
}
