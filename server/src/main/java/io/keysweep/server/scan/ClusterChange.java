package io.keysweep.server.scan;

import io.keysweep.engine.sweep.PrimaryReading;
import java.util.ArrayList;
import java.util.HashMap;
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
 * Compares readings of a cluster's primaries from the start of its scan with readings from the end.
 *
 * <p>{@link ClusterReadings} reads both lists, and {@link TotalViews} shows the result as the total of the scan. A
 * reading contains the keys, the memory and the counters of one primary at one moment.
 *
 * <p>All primaries are read at almost the same time. Each key is therefore counted once, even if its slot (a part of
 * the key space) moves to another primary during the scan. A restart of a server changes its memory and sets its
 * counters back to 0. Memory and counters are therefore compared only if both lists of readings come from the same
 * server processes.
 *
 * @param before readings of all primaries when the scan began
 * @param after readings of all primaries when the scan ended; null if it has not ended, or if a primary could not be
 *     read at its end
 */
record ClusterChange(List<PrimaryReading> before, @Nullable List<PrimaryReading> after) {

    /**
     * Counts what other clients and the servers themselves did to the keys of a cluster while it was scanned.
     *
     * @param inflow keys that other clients created, minus the keys that they deleted
     * @param expiredElsewhere expired keys that clients or the servers' own expiry removed, and not the scan
     * @param evicted keys that the servers evicted
     */
    record Flow(long inflow, long expiredElsewhere, long evicted) {}

    /**
     * Reports the numbers of keys of one database when the scan began and when it ended.
     *
     * @param keysBefore number of keys when the scan began
     * @param keysAfter number of keys when the scan ended, or null if it is not known
     * @param expiresBefore number of keys with a TTL when the scan began
     * @param expiresAfter number of keys with a TTL when the scan ended, or null if it is not known
     */
    record Keys(
            long keysBefore,
            @Nullable Long keysAfter,
            long expiresBefore,
            @Nullable Long expiresAfter) {}

    /**
     * Returns the sum of a figure over all primaries when the scan began.
     *
     * @param figure returns the figure of a primary, such as its number of keys
     */
    long sumBefore(ToLongFunction<PrimaryReading> figure) {
        return before.stream().mapToLong(figure).sum();
    }

    /** Returns the sum of a figure over all primaries when the scan ended, or null without readings from the end. */
    @Nullable Long sumAfter(ToLongFunction<PrimaryReading> figure) {
        return after == null ? null : (Long) after.stream().mapToLong(figure).sum();
    }

    /**
     * Returns the memory of all primaries in bytes when the scan began. Returns null if a primary does not report it,
     * because a sum without it would be wrong.
     *
     * @param figure returns the memory of a primary, 0 if the primary does not report it
     */
    @Nullable Long memoryBefore(ToLongFunction<PrimaryReading> figure) {
        return sumMemory(before, figure);
    }

    /**
     * Returns the memory of all primaries in bytes when the scan ended. Returns null if a primary does not report it,
     * or if there are no readings from the end. Also returns null if the server processes at the beginning and at the
     * end are not the same, because the two sums must then not be compared.
     *
     * @param figure returns the memory of a primary, 0 if the primary does not report it
     */
    @Nullable Long memoryAfter(ToLongFunction<PrimaryReading> figure) {
        return after == null || difference() != null ? null : sumMemory(after, figure);
    }

    private static @Nullable Long sumMemory(List<PrimaryReading> readings, ToLongFunction<PrimaryReading> figure) {
        return readings.stream().anyMatch(reading -> figure.applyAsLong(reading) == 0)
                ? null
                : (Long) readings.stream().mapToLong(figure).sum();
    }

    /** Returns the number of keys in all databases of a primary. */
    static long keys(PrimaryReading reading) {
        return sum(reading.keys());
    }

    /** Returns the number of keys with a TTL in all databases of a primary. */
    static long expires(PrimaryReading reading) {
        return sum(reading.expires());
    }

    /**
     * Returns how the primaries at the end differ from the primaries at the beginning. The text is for users, and has
     * no period at its end, such as {@code 10.0.0.1:6379 was restarted, 10.0.0.9:6379 has become a primary}. Returns
     * null if the server processes are the same, or if there are no readings from the end.
     */
    @Nullable String difference() {
        if (after == null) {
            return null;
        }
        Map<String, String> processesBefore = processes(before);
        Map<String, String> processesAfter = processes(after);
        List<String> differences = new ArrayList<>();
        processesBefore.forEach((node, processBefore) -> {
            String processAfter = processesAfter.get(node);
            if (processAfter == null) {
                differences.add(node + " is no longer a primary");
            } else if (!processAfter.equals(processBefore)) {
                differences.add(node + " was restarted");
            }
        });
        processesAfter.keySet().stream()
                .filter(node -> !processesBefore.containsKey(node))
                .forEach(node -> differences.add(node + " has become a primary"));
        return differences.isEmpty() ? null : String.join(", ", differences);
    }

    /**
     * Returns what other clients and the servers did to the keys between the two readings.
     *
     * <p>Without the scan and the servers, the number of keys would have changed by the inflow alone. The inflow is
     * therefore the change of the number of keys, plus the keys that expired or were evicted between the readings.
     * Example: 1000 keys before, 950 after, 80 expired (70 of them by the scan), none evicted. The inflow is -50 + 80 =
     * 30, and 10 expired keys were removed without the scan.
     *
     * @param reclaimed number of expired keys that the scan has reclaimed, by its sweeps and by assist (raised settings
     *     of the servers); the servers count them as expired
     * @return the flow; null in each of these cases: there are no readings from the end; the primaries are not the same
     *     processes; a server does not report a counter; a counter has fallen on a primary; the servers have counted
     *     fewer expired keys than the scan has reclaimed, because a counter was reset
     */
    @Nullable Flow flow(long reclaimed) {
        if (after == null || difference() != null) {
            return null;
        }
        Long expiredKeys = growth(after, PrimaryReading::expiredKeys);
        Long evictedKeys = growth(after, PrimaryReading::evictedKeys);
        if (expiredKeys == null || evictedKeys == null) {
            return null;
        }
        // CONFIG RESETSTAT sets the counters of a server back to 0. Without a reset, the servers have counted at least
        // the keys that the scan reclaimed. A reset is not noticed if the counters have grown enough since.
        if (expiredKeys < reclaimed) {
            return null;
        }
        long keyGrowth = after.stream().mapToLong(ClusterChange::keys).sum() - sumBefore(ClusterChange::keys);
        return new Flow(keyGrowth + expiredKeys + evictedKeys, expiredKeys - reclaimed, evictedKeys);
    }

    /**
     * Returns by how much a counter has grown on all primaries together. Returns null if a primary does not report the
     * counter, or if the counter has fallen on a primary, as after a reset. In the sum, the growth on other primaries
     * could hide such a fall.
     */
    private @Nullable Long growth(
            List<PrimaryReading> readingsAfter, Function<PrimaryReading, @Nullable Long> counter) {
        Map<String, Long> valuesBefore = new HashMap<>();
        for (PrimaryReading reading : before) {
            Long value = counter.apply(reading);
            if (value != null) {
                valuesBefore.put(reading.nodeId(), value);
            }
        }
        long sum = 0;
        for (PrimaryReading reading : readingsAfter) {
            Long valueBefore = valuesBefore.get(reading.nodeId());
            Long valueAfter = counter.apply(reading);
            if (valueBefore == null || valueAfter == null || valueAfter < valueBefore) {
                return null;
            }
            sum += valueAfter - valueBefore;
        }
        return sum;
    }

    /**
     * Returns the numbers of keys over all primaries by database number, the smallest first. A database without keys
     * before and after is not in the map.
     */
    SortedMap<Integer, Keys> databases() {
        SortedMap<Integer, Keys> databases = new TreeMap<>();
        List<PrimaryReading> readingsAfter = after == null ? List.of() : after;
        Stream.concat(before.stream(), readingsAfter.stream())
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
                        PrimaryReading::nodeId, PrimaryReading::runId, (first, second) -> first, TreeMap::new));
    }

    private static long sum(SortedMap<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
