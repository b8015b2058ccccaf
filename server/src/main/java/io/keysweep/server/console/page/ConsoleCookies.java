package io.keysweep.server.console.page;

import io.keysweep.server.config.ConsolePath;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Chooses names and paths of the console's cookies.
 *
 * <p>Under TLS, a name begins with {@code __Host-}. Browsers accept such a cookie from this host over TLS only (RFC
 * 6265bis, section 4.1.3.2). Neither another host of the domain nor a forged plain response can set one. For this
 * prefix, browsers demand the path {@code /}. Without TLS, the name has no prefix, and the path is the path of the
 * console.
 */
public final class ConsoleCookies {

    private static final String HOST_PREFIX = "__Host-";

    private ConsoleCookies() {}

    /** Returns the name of a cookie in requests that arrive like this one, over TLS or without. */
    public static String name(String name, HttpServletRequest request) {
        return name(name, request.isSecure());
    }

    /**
     * Returns the complete name of a cookie.
     *
     * @param name the name without prefix
     * @param tls whether requests arrive over TLS
     */
    public static String name(String name, boolean tls) {
        return tls ? HOST_PREFIX + name : name;
    }

    /** Returns the path to which browsers send the cookies, over TLS or without. */
    public static String path(boolean tls) {
        return tls ? "/" : ConsolePath.ROOT;
    }
}
