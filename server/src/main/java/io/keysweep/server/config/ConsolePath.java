package io.keysweep.server.config;

/**
 * Decides which URL paths belong to the web console; all other paths belong to the APIs.
 *
 * <p>The two have different authentication and different error responses. The path {@code /} belongs to the APIs, which
 * redirect a browser to the console.
 */
public final class ConsolePath {

    /** The prefix of every path of the console. */
    public static final String ROOT = "/console";

    private ConsolePath() {}

    /** Returns whether a path belongs to the console. */
    public static boolean covers(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }
}
