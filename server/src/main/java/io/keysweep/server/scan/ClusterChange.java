package io.keysweep.server.scan;

import io.keysweep.engine.sweep.PrimaryReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the primaries of a cluster when its scan began with those when the scan ended.
 *
 * <p>Each key is counted once, however often its slot has moved in between. The memory is compared only if the server
 * processes are the same ones.
 *
 * @param before readings of all primaries when the scan began
 * @param after readings of all primaries when the scan ended, or null if there are none
 */
record ClusterChange(List<PrimaryReading> before, @Nullable List<PrimaryReading> after) {

    /**
     * Counts what other clients and the servers themselves did to the keys of a cluster while it was scanned.
     *
     * @param inflow keys that others created, minus the keys that they deleted
     * @param expiredElsewhere expired keys that the servers removed without the scan
     * @param evicted keys that the servers evicted
     */
    record Flow(long inflow, long expiredElsewhere, long evicted) {}

    /** Holds the numbers of keys of one database before and after; null after means that it is not known. */
    record Keys(
            long keysBefore,
            @Nullable Long keysAfter,
            long expiresBefore,
            @Nullable Long expiresAfter) {}

    /** Returns the sum of a figure over all primaries when the scan began. */
    long sumBefore(ToLongFunction<PrimaryReading> figure) {
        return before.stream().mapToLong(figure).sum();
    }

    /** Returns the sum of a figure over all primaries when the scan ended, or null if there are no readings. */
    @Nullable Long sumAfter(ToLongFunction<PrimaryReading> figure) {
        return after == null ? null : (Long) after.stream().mapToLong(figure).sum();
    }

    /**
     * Returns the sum of a figure of memory when the scan ended. Returns null if there are no readings, or if the sum
     * must not be compared with the sum before, because the primaries are not the same processes.
     */
    @Nullable Long comparableSumAfter(ToLongFunction<PrimaryReading> figure) {
        return difference() == null ? sumAfter(figure) : null;
    }

    /** Returns the number of keys in all databases of a primary. */
    static long keys(PrimaryReading reading) {
        return sum(reading.keys());
    }

    /** Returns the number of keys with a TTL in all databases of a primary. */
    static long expires(PrimaryReading reading) {
        return sum(reading.expires());
    }

    /** Returns how the primaries after differ from those before, in words, or null if they are the same processes. */
    @Nullable String difference() {
        if (after == null) {
            return null;
        }
        Map<String, String> earlier = processes(before);
        Map<String, String> later = processes(after);
        List<String> differences = new ArrayList<>();
        earlier.forEach((node, process) -> {
            String now = later.get(node);
            if (now == null) {
                differences.add(node + " is no longer a primary");
            } else if (!now.equals(process)) {
                differences.add(node + " was restarted");
            }
        });
        later.keySet().stream()
                .filter(node -> !earlier.containsKey(node))
                .forEach(node -> differences.add(node + " has become a primary"));
        return differences.isEmpty() ? null : String.join(", ", differences);
    }

    /**
     * Returns what other clients and the servers did between the two readings, or null if it is not known.
     *
     * @param reclaimed expired keys that the scan has reclaimed
     */
    @Nullable Flow flow(long reclaimed) {
        if (after == null || difference() != null) {
            return null;
        }
        Long expired = growth(after, PrimaryReading::expiredKeys);
        Long evicted = growth(after, PrimaryReading::evictedKeys);
        if (expired == null || evicted == null || expired < reclaimed || evicted < 0) {
            // A server does not report the counter, or an administrator has reset it.
            return null;
        }
        long moreKeys = after.stream().mapToLong(ClusterChange::keys).sum() - sumBefore(ClusterChange::keys);
        return new Flow(moreKeys + expired + evicted, expired - reclaimed, evicted);
    }

    /** Returns by how much a counter has grown on all primaries together, or null if one of them does not report it. */
    private @Nullable Long growth(List<PrimaryReading> later, Function<PrimaryReading, @Nullable Long> counter) {
        Long from = total(before, counter);
        Long to = total(later, counter);
        return from == null || to == null ? null : (Long) (to - from);
    }

    private static @Nullable Long total(
            List<PrimaryReading> readings, Function<PrimaryReading, @Nullable Long> counter) {
        long sum = 0;
        for (PrimaryReading reading : readings) {
            Long value = counter.apply(reading);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return sum;
    }

    /** Returns the numbers of keys by database number. */
    SortedMap<Integer, Keys> databases() {
        SortedMap<Integer, Keys> databases = new TreeMap<>();
        List<PrimaryReading> later = after == null ? List.of() : after;
        Stream.concat(before.stream(), later.stream())
                .flatMap(reading -> reading.keys().keySet().stream())
                .distinct()
                .forEach(db -> databases.put(
                        db,
                        new Keys(
                                sumBefore(reading -> reading.keys().getOrDefault(db, 0L)),
                                sumAfter(reading -> reading.keys().getOrDefault(db, 0L)),
                                sumBefore(reading -> reading.expires().getOrDefault(db, 0L)),
                                sumAfter(reading -> reading.expires().getOrDefault(db, 0L)))));
        return databases;
    }

    /** Returns the id of the server process (INFO {@code run_id}) of each node. */
    private static Map<String, String> processes(List<PrimaryReading> readings) {
        return readings.stream()
                .collect(Collectors.toMap(
                        PrimaryReading::nodeId, PrimaryReading::runId, (one, other) -> one, TreeMap::new));
    }

    private static long sum(SortedMap<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
