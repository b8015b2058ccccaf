package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the number of keys in each database, as the INFO section {@code keyspace} reports it.
 *
 * <p>A line of the section reads {@code db0:keys=1000,expires=200,avg_ttl=3600}.
 *
 * @param keys the number of keys by database number, including expired keys that still hold memory; databases without
 *     keys are left out
 * @param expires the number of keys with a TTL by database number, for the same databases
 * @param expirableHashes the number of hashes with fields that have a TTL, in all databases; 0 if the server does not
 *     report it
 */
public record Keyspace(SortedMap<Integer, Long> keys, SortedMap<Integer, Long> expires, long expirableHashes) {

    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final Pattern COUNTS = Pattern.compile("keys=(\\d{1,18}),expires=(\\d{1,18}).*");
    /**
     * Finds the number of hashes with fields that have a TTL. Redis 7.4 and later names it {@code subexpiry}, Valkey 9
     * {@code keys_with_volatile_items}.
     */
    private static final Pattern EXPIRABLE_HASHES =
            Pattern.compile(".*,(?:subexpiry|keys_with_volatile_items)=(\\d{1,18}).*");

    /** Reads the keyspace from INFO: the section {@code keyspace}, or all sections. */
    public static Keyspace of(ServerInfo info) {
        SortedMap<Integer, Long> keys = new TreeMap<>();
        SortedMap<Integer, Long> expires = new TreeMap<>();
        SortedMap<Integer, Long> hashes = new TreeMap<>();
        info.fields().forEach((field, value) -> {
            Matcher database = DATABASE.matcher(field);
            Matcher counts = COUNTS.matcher(value);
            if (database.matches() && counts.matches()) {
                int db = Integer.parseInt(database.group(1));
                keys.put(db, Long.parseLong(counts.group(1)));
                expires.put(db, Long.parseLong(counts.group(2)));
                Matcher expirable = EXPIRABLE_HASHES.matcher(value);
                hashes.put(db, expirable.matches() ? Long.parseLong(expirable.group(1)) : 0);
            }
        });
        return new Keyspace(keys, expires, total(hashes));
    }

    /** Returns the number of keys in all databases. */
    public long totalKeys() {
        return total(keys);
    }

    /** Returns the number of keys with a TTL in all databases. */
    public long totalExpires() {
        return total(expires);
    }

    /** Returns the keyspace of only these databases. The number of hashes still counts all databases. */
    Keyspace restrictedTo(SortedSet<Integer> databases) {
        SortedMap<Integer, Long> remainingKeys = new TreeMap<>(keys);
        remainingKeys.keySet().retainAll(databases);
        SortedMap<Integer, Long> remainingExpires = new TreeMap<>(expires);
        remainingExpires.keySet().retainAll(databases);
        return new Keyspace(remainingKeys, remainingExpires, expirableHashes);
    }

    private static long total(SortedMap<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
