package io.keysweep.engine.doctor;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Refusals;
import io.keysweep.engine.link.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings that matter to a sweep.
 *
 * @param values by name, {@link Diagnosis#UNKNOWN} where the server does not tell
 * @param refused whether the server does not let this user ask
 */
record Settings(Map<String, String> values, boolean refused) {

    static final String LAZY_FREE = "lazyfree-lazy-expire";
    static final String EFFORT = "active-expire-effort";
    static final String HZ = "hz";
    static final String EVENTS = "notify-keyspace-events";
    static final String IMPORT_MODE = "import-mode";
    static final String NESTED_EXPIRY = "lazyexpire-nested-arbitrary-keys";

    private static final List<String> NAMES = List.of(LAZY_FREE, EFFORT, HZ, EVENTS, IMPORT_MODE, NESTED_EXPIRY);

    /** Asks for one after the other: together they would need a newer server. */
    static Settings read(NodeLink link) {
        Map<String, String> values = new LinkedHashMap<>();
        boolean refused = false;
        for (String name : NAMES) {
            Reply reply = link.call("CONFIG", "GET", name);
            refused |= reply instanceof Reply.Failure failure && Refusals.isForbidden(failure);
            values.put(name, value(reply));
        }
        return new Settings(values, refused);
    }

    private static String value(Reply reply) {
        return reply instanceof Reply.Items items
                        && items.values().size() == 2
                        && items.values().get(1) instanceof Reply.Text text
                ? text.value()
                : Diagnosis.UNKNOWN;
    }

    String value(String name) {
        return values.getOrDefault(name, Diagnosis.UNKNOWN);
    }

    boolean is(String name, String value) {
        return value(name).equals(value);
    }
}
