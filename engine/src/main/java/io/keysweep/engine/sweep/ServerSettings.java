package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.ServerVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads and interprets the settings of a server that matter to a sweep, with CONFIG GET.
 *
 * <p>A sweep visits keys in steps (one call each), and the server removes the expired ones: it
 * <i>reclaims</i> them. Some settings change the cost of reclaiming, and two of them can prevent it. Many managed
 * servers refuse CONFIG. The methods that interpret a setting then assume a value, which each method states.
 *
 * @param values the value of each setting by its name; {@value #UNKNOWN} if the server refuses to report it or does not
 *     have it
 * @param refused whether the server has refused CONFIG GET to this user, or was in no state to answer it, for at least
 *     one setting
 */
public record ServerSettings(Map<String, String> values, boolean refused) {

    /** The value of a setting that the server refuses to report or does not have. */
    public static final String UNKNOWN = "unknown";

    /** Whether the server frees expired values in the background, {@code yes} or {@code no}. */
    public static final String LAZY_FREE = "lazyfree-lazy-expire";

    /** The effort of the server's own expiry cycle, 1 to 10. */
    public static final String EFFORT = "active-expire-effort";

    /** The number of times per second that the server runs background tasks such as its expiry cycle. */
    public static final String HZ = "hz";

    /** The notifications about keys that the server publishes, for example one for each expired key. */
    public static final String EVENTS = "notify-keyspace-events";

    /** Whether an import is in progress, during which nothing expires, {@code yes} or {@code no}; Valkey only. */
    public static final String IMPORT_MODE = "import-mode";

    /**
     * Whether expired keys are removed when a script or transaction meets them; with {@code no} they are only hidden.
     */
    public static final String NESTED_EXPIRY = "lazyexpire-nested-arbitrary-keys";

    /** The amounts of unread output at which the server disconnects a client or a replica. */
    public static final String OUTPUT_LIMITS = "client-output-buffer-limit";

    private static final List<String> ALL_NAMES =
            List.of(LAZY_FREE, EFFORT, HZ, EVENTS, IMPORT_MODE, NESTED_EXPIRY, OUTPUT_LIMITS);

    /** Finds the hard and the soft limit of replicas, in bytes; 0 is no limit. */
    private static final Pattern REPLICA_LIMITS = Pattern.compile("(?:slave|replica) (\\d{1,18}) (\\d{1,18}) ");

    /** The limit that is assumed if the setting is unknown: the soft limit of Redis by default, bytes. */
    private static final long DEFAULT_REPLICA_LIMIT = 64L << 20;

    /** The settings that decide whether a step reclaims at all, and that INFO does not show. */
    private static final List<String> DECISIVE = List.of(IMPORT_MODE, NESTED_EXPIRY);

    public ServerSettings {
        // Map.copyOf would not keep the order of the settings.
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Reads all settings that matter to a sweep. */
    public static ServerSettings read(NodeLink link) {
        return read(link, ALL_NAMES);
    }

    /**
     * Reads some settings. Sends one CONFIG GET for each, all in one write, since older servers accept only one name
     * per command. An error reply to a command makes its setting unknown.
     */
    public static ServerSettings read(NodeLink link, List<String> names) {
        List<Reply> replies = link.call(names.stream()
                        .map(name -> Command.of("CONFIG", "GET", name))
                        .toList())
                .replies();
        Map<String, String> values = new LinkedHashMap<>();
        boolean isRefused = false;
        for (int i = 0; i < names.size(); i++) {
            isRefused |= replies.get(i) instanceof Reply.Failure failure && isRefusal(failure);
            values.put(names.get(i), value(replies.get(i)));
        }
        return new ServerSettings(values, isRefused);
    }

    /**
     * Returns the names of the settings that this server has and reports, and that decide whether a step reclaims at
     * all. Most servers have none; {@code import-mode}, for example, exists on Valkey only.
     */
    List<String> decisive() {
        return DECISIVE.stream().filter(name -> !is(name, UNKNOWN)).toList();
    }

    /**
     * Asks for the {@link #decisive()} settings again without waiting, and returns the reply for {@link #receive}.
     * There must be a decisive setting. One call is enough, because every server with a decisive setting accepts
     * several names per command.
     */
    NodeLink.Sent request(NodeLink link) {
        List<String> words = new ArrayList<>(List.of("CONFIG", "GET"));
        words.addAll(decisive());
        return link.send(List.of(new Command(words)));
    }

    /**
     * Waits for the reply to {@link #request}, and returns all settings with the new values. A value that the server
     * now refuses to report becomes unknown, and so is no longer decisive.
     *
     * @throws UnexpectedReplyException if the server answers with another error, for example while it loads its data
     */
    ServerSettings receive(NodeLink.Sent pendingReply) {
        List<String> decisiveNames = decisive();
        Reply reply = pendingReply.await().replies().getFirst();
        boolean isForbidden = reply instanceof Reply.Failure failure && ServerErrors.isForbidden(failure);
        List<Reply> pairs = isForbidden ? List.of() : reply.items(2);
        Map<String, String> newValues = new LinkedHashMap<>(values);
        decisiveNames.forEach(name -> newValues.put(name, UNKNOWN));
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            newValues.put(pairs.get(i).text(), pairs.get(i + 1).text());
        }
        return new ServerSettings(newValues, refused || isForbidden);
    }

    /**
     * Returns whether an error says that the setting cannot be read now. The command is then forbidden, or the server
     * is in another state, such as BUSY. Another ERR may come from a server that does not have the setting.
     */
    private static boolean isRefusal(Reply.Failure failure) {
        return ServerErrors.isForbidden(failure) || !failure.code().equals("ERR");
    }

    /** Returns the value in a reply to CONFIG GET. */
    private static String value(Reply reply) {
        // The reply to CONFIG GET is the name and the value; it is empty for a setting that the server does not have.
        return reply instanceof Reply.Items items
                        && items.values().size() == 2
                        && items.values().get(1) instanceof Reply.Text text
                ? text.value()
                : UNKNOWN;
    }

    /** Returns the value of a setting; {@value #UNKNOWN} if it is not known. */
    public String value(String name) {
        return values.getOrDefault(name, UNKNOWN);
    }

    /** Returns whether a setting is known to have this value. */
    public boolean is(String name, String value) {
        return value(name).equals(value);
    }

    /**
     * Returns whether expired values are freed off the main thread; false if unknown, so that a sweep starts carefully.
     */
    public boolean lazyFree() {
        return is(LAZY_FREE, "yes");
    }

    /**
     * Returns whether scripts and transactions reclaim; true if unknown, since that is the default and servers without
     * the setting do reclaim.
     */
    public boolean nestedExpiry() {
        return !is(NESTED_EXPIRY, "no");
    }

    /**
     * Returns how many bytes of unread output the server allows a replica: the lower one of the hard and the soft
     * limit. Returns {@link Long#MAX_VALUE} for no limit, and the default of Redis, 64 MiB, if the setting is unknown.
     */
    long replicaOutputLimit() {
        Matcher replicaLimits = REPLICA_LIMITS.matcher(value(OUTPUT_LIMITS));
        return replicaLimits.find()
                ? Stream.of(replicaLimits.group(1), replicaLimits.group(2))
                        .mapToLong(Long::parseLong)
                        .filter(limit -> limit > 0)
                        .min()
                        .orElse(Long.MAX_VALUE)
                : DEFAULT_REPLICA_LIMIT;
    }

    /**
     * Returns whether the server may hide expired keys instead of removing them, and nothing would show that. This is
     * so if it refuses CONFIG GET and its product has a setting that hides keys, see {@link #decisive}.
     *
     * @param identity the server that was asked for the settings
     */
    public boolean mayHideKeys(ServerIdentity identity) {
        ServerVersion version = ServerVersion.parse(identity.version());
        // The version decides, since a refused setting cannot be tried. import-mode exists from Valkey 8.1 on, the
        // other setting in no Redis before 8.2.
        boolean hasSetting = switch (identity.flavour()) {
            case REDIS, VALKEY -> version.isAtLeast(8, 1);
            case REDICT, UNKNOWN -> false;
        };
        return hasSetting && refused && decisive().isEmpty();
    }

    /** Returns whether nothing expires because an import is in progress; false if unknown. */
    public boolean importMode() {
        return is(IMPORT_MODE, "yes");
    }
}
