package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The INFO section {@code keyspace}.
 *
 * @param keys keys a database, only those that hold any
 * @param expires how many of those have a TTL
 */
public record Keyspace(SortedMap<Integer, Long> keys, SortedMap<Integer, Long> expires) {

    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final Pattern COUNTS = Pattern.compile("keys=(\\d{1,18}),expires=(\\d{1,18}).*");

    /** Reads the section, or all of INFO. */
    public static Keyspace of(ServerInfo info) {
        SortedMap<Integer, Long> keys = new TreeMap<>();
        SortedMap<Integer, Long> expires = new TreeMap<>();
        info.fields().forEach((field, value) -> {
            Matcher database = DATABASE.matcher(field);
            Matcher counts = COUNTS.matcher(value);
            if (database.matches() && counts.matches()) {
                int db = Integer.parseInt(database.group(1));
                keys.put(db, Long.parseLong(counts.group(1)));
                expires.put(db, Long.parseLong(counts.group(2)));
            }
        });
        return new Keyspace(keys, expires);
    }

    /** Keys over all databases. */
    public long totalKeys() {
        return total(keys);
    }

    /** Keys with a TTL over all databases. */
    public long totalExpires() {
        return total(expires);
    }

    private static long total(SortedMap<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
