package io.keysweep.server.config;

/** Which paths are the web console's; all others are the APIs'. */
public final class ConsolePath {

    /** What its paths begin with. */
    public static final String ROOT = "/console";

    private ConsolePath() {}

    /** Whether a request's path is the console's, or the bare {@code /} that leads to it. */
    public static boolean covers(String path) {
        return path.equals("/") || path.equals(ROOT) || path.startsWith(ROOT + "/");
    }
}
