package io.keysweep.server.config;

/** Decides which URL paths belong to the web console; all other paths belong to the APIs. */
public final class ConsolePath {

    /** The start of every path of the console except {@code /}. */
    public static final String ROOT = "/console";

    private ConsolePath() {}

    /** Returns whether a path belongs to the console; so does {@code /}, which redirects to the console. */
    public static boolean covers(String path) {
        return path.equals("/") || path.equals(ROOT) || path.startsWith(ROOT + "/");
    }
}
