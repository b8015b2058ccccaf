package io.keysweep.server.control;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says whether a scan assists its servers, that is, raises their settings so that they remove more expired keys
 * themselves.
 *
 * <p>If the request for a scan names no mode, the scan has {@link #BEFORE} if its instance allows assist, and otherwise
 * {@link #NONE}.
 */
public enum AssistMode {
    /** Changes no setting of a server. */
    NONE,
    /** Assists each primary once, and then sweeps it, to reclaim the expired keys that are left. */
    BEFORE,
    /** Assists each primary, and sweeps none; leaves up to about 1 % of the keys with a TTL. */
    ONLY;

    /** Says which values clients may send, for messages. */
    public static final String RULE = "none, before or only";

    /** Returns the name in JSON and SQL, such as {@code before}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the mode with the name; empty if there is none. */
    public static Optional<AssistMode> ofWireName(String name) {
        return Stream.of(values()).filter(mode -> mode.wireName().equals(name)).findFirst();
    }
}
