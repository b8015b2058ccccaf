package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of a server that matter to a sweep. Many a managed server refuses to tell them; then the default of the least
 * harm is assumed.
 *
 * @param values by name, {@value #UNKNOWN} where the server does not tell or has none such
 * @param refused whether the server does not let this user ask
 */
public record ServerSettings(Map<String, String> values, boolean refused) {

    /** What a setting counts as that the server does not tell. */
    public static final String UNKNOWN = "unknown";

    public static final String LAZY_FREE = "lazyfree-lazy-expire";
    public static final String EFFORT = "active-expire-effort";
    public static final String HZ = "hz";
    public static final String EVENTS = "notify-keyspace-events";
    public static final String IMPORT_MODE = "import-mode";
    public static final String NESTED_EXPIRY = "lazyexpire-nested-arbitrary-keys";

    private static final List<String> NAMES = List.of(LAZY_FREE, EFFORT, HZ, EVENTS, IMPORT_MODE, NESTED_EXPIRY);

    /** Those that decide whether a step reclaims at all, and that INFO does not tell. */
    private static final List<String> DECISIVE = List.of(IMPORT_MODE, NESTED_EXPIRY);

    public ServerSettings {
        // Map.copyOf would lose the order.
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Asks the server at the other end of a link; for each by itself, as one call for several needs a newer server. */
    public static ServerSettings read(NodeLink link) {
        List<Reply> replies = link.call(NAMES.stream()
                        .map(name -> Command.of("CONFIG", "GET", name))
                        .toList())
                .replies();
        Map<String, String> values = new LinkedHashMap<>();
        boolean refused = false;
        for (int i = 0; i < NAMES.size(); i++) {
            refused |= replies.get(i) instanceof Reply.Failure failure && ServerErrors.isForbidden(failure);
            values.put(NAMES.get(i), value(replies.get(i)));
        }
        return new ServerSettings(values, refused);
    }

    /** Those that decide whether a step reclaims at all and that this server has and tells; most have none of them. */
    List<String> decisive() {
        return DECISIVE.stream().filter(name -> !is(name, UNKNOWN)).toList();
    }

    /**
     * These with {@link #decisive()} asked for anew; in one call, which a server that has any of them takes. What it tells no
     * more is unknown.
     *
     * @throws UnexpectedReplyException if the server is in no state to tell
     */
    ServerSettings readAgain(NodeLink link) {
        List<String> names = decisive();
        List<String> words = new ArrayList<>(List.of("CONFIG", "GET"));
        words.addAll(names);
        Reply reply = link.call(List.of(new Command(words))).replies().getFirst();
        boolean forbidden = reply instanceof Reply.Failure failure && ServerErrors.isForbidden(failure);
        List<Reply> pairs = forbidden ? List.of() : reply.items(2);
        Map<String, String> now = new LinkedHashMap<>(values);
        names.forEach(name -> now.put(name, UNKNOWN));
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            now.put(pairs.get(i).text(), pairs.get(i + 1).text());
        }
        return new ServerSettings(now, refused || forbidden);
    }

    private static String value(Reply reply) {
        return reply instanceof Reply.Items items
                        && items.values().size() == 2
                        && items.values().get(1) instanceof Reply.Text text
                ? text.value()
                : UNKNOWN;
    }

    /** The value of a setting, or {@value #UNKNOWN}. */
    public String value(String name) {
        return values.getOrDefault(name, UNKNOWN);
    }

    /** Whether a setting is known to be this. */
    public boolean is(String name, String value) {
        return value(name).equals(value);
    }

    /** Whether expired values are freed beside the main thread; no if unknown, so that a sweep starts with care. */
    public boolean lazyFree() {
        return is(LAZY_FREE, "yes");
    }

    /** Whether scripts and transactions reclaim; yes if unknown, as it is by default and on older servers. */
    public boolean nestedExpiry() {
        return !is(NESTED_EXPIRY, "no");
    }

    /** Whether nothing expires because an import is on; no if unknown. */
    public boolean importMode() {
        return is(IMPORT_MODE, "yes");
    }
}
