package io.keysweep.server.config;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Decides which URL paths belong to the web console; all other paths belong to the APIs.
 *
 * <p>The two have different authentication and different error responses. The path {@code /} belongs to the APIs, which
 * redirect a browser to the console.
 */
public final class ConsolePath {

    /** The prefix of every path of the console. */
    public static final String ROOT = "/console";

    private static final PathPattern PAGES = PathPatternParser.defaultInstance.parse(ROOT + "/**");

    private ConsolePath() {}

    /**
     * Returns whether a path belongs to the console, even if it is percent-encoded. The controllers read {@code
     * /%63onsole} as {@code /console}, so the guard of the console must also do so. A malformed path does not belong to
     * the console.
     *
     * @param path path of the URL as the client has sent it
     */
    public static boolean covers(String path) {
        try {
            return PAGES.matches(PathContainer.parsePath(path));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
