package io.keysweep.server.scan;

import io.keysweep.api.DatabaseView;
import io.keysweep.api.MemoryView;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepMemory;
import io.keysweep.server.sweep.SweepRecord;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds the views of memory and keys: of one sweep, and as the total of a scan.
 *
 * <p>The total of a scan with one sweep is that of the sweep. The total of a cluster comes from the readings of all its
 * primaries, because a primary can have several sweeps.
 */
final class TotalViews {

    private static final String NOT_COMPARED = "The memory after is not compared with the memory before: ";

    private TotalViews() {}

    /** Contains the totals of a scan; memory in bytes, or null if it is not known. */
    record Totals(
            @Nullable Long usedMemoryBefore,
            @Nullable Long usedMemoryAfter,
            MemoryView memory,
            List<DatabaseView> databases) {}

    /**
     * Builds the totals of a scan.
     *
     * @param change difference of the readings of a cluster, or null if there are none
     * @param databases keys and counts by database, of each sweep
     */
    static Totals totals(Scan scan, @Nullable ClusterChange change, Map<SweepKey, List<DatabaseView>> databases) {
        if (change != null) {
            return clusterTotals(scan, change, databases);
        }
        if (scan.sweeps().size() == 1) {
            SweepRecord only = scan.sweeps().getFirst();
            return new Totals(
                    only.usedMemoryBefore(),
                    usedMemoryAfter(only),
                    memory(only),
                    databases.getOrDefault(only.key(), List.of()));
        }
        // Several sweeps without readings: only the estimates can be summed up.
        SweepMemory estimates = estimates(scan);
        return new Totals(
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                view(estimates, runs(scan), null),
                countsByDatabase(scan, databases));
    }

    /** Returns the used memory after a sweep, or null if it is not known or must not be compared. */
    static @Nullable Long usedMemoryAfter(SweepRecord sweep) {
        return sweep.memory().sameProcess() ? sweep.usedMemoryAfter() : null;
    }

    /** Builds the view of the memory of one sweep. */
    static MemoryView memory(SweepRecord sweep) {
        SweepMemory memory = sweep.memory();
        return view(
                memory,
                sweep.runs(),
                memory.sameProcess()
                        ? null
                        : NOT_COMPARED + "the process of the server is another one since a failover or a restart"
                                + (sweep.primary() == null ? "" : ", now " + sweep.primary()) + ".");
    }

    private static Totals clusterTotals(Scan scan, ClusterChange change, Map<SweepKey, List<DatabaseView>> databases) {
        SweepMemory estimates = estimates(scan);
        ClusterChange.Flow flow = change.flow(scan.reclaimed());
        String difference = change.difference();
        MemoryView memory = new MemoryView(
                estimates.reclaimedBytes(),
                estimates.method() == null ? null : estimates.method().name(),
                estimates.explanation(runs(scan)),
                change.sumBefore(PrimaryReading::rssBytes),
                change.comparableSumAfter(PrimaryReading::rssBytes),
                change.sumBefore(ClusterChange::keys),
                change.sumAfter(ClusterChange::keys),
                change.sumBefore(ClusterChange::expires),
                change.sumAfter(ClusterChange::expires),
                flow == null ? null : (Long) flow.inflow(),
                flow == null ? null : (Long) flow.expiredElsewhere(),
                flow == null ? null : (Long) flow.evicted(),
                difference == null ? null : NOT_COMPARED + difference + ".");
        return new Totals(
                change.sumBefore(PrimaryReading::usedBytes),
                change.comparableSumAfter(PrimaryReading::usedBytes),
                memory,
                withKeys(countsByDatabase(scan, databases), change.databases()));
    }

    private static SweepMemory estimates(Scan scan) {
        return SweepMemory.estimates(
                scan.sweeps().stream().map(SweepRecord::memory).toList());
    }

    private static int runs(Scan scan) {
        return scan.sweeps().stream().mapToInt(SweepRecord::runs).sum();
    }

    /** Returns what all sweeps have visited and reclaimed by database, without the numbers of keys. */
    private static List<DatabaseView> countsByDatabase(Scan scan, Map<SweepKey, List<DatabaseView>> databases) {
        SortedMap<Integer, DatabaseView> sums = new TreeMap<>();
        scan.sweeps().stream()
                .flatMap(sweep -> databases.getOrDefault(sweep.key(), List.of()).stream())
                .forEach(one -> sums.merge(
                        one.db(),
                        new DatabaseView(
                                one.db(), one.visited(), one.reclaimed(), null, null, null, null, one.coverage()),
                        (sum, more) -> new DatabaseView(
                                sum.db(),
                                sum.visited() + more.visited(),
                                sum.reclaimed() + more.reclaimed(),
                                null,
                                null,
                                null,
                                null,
                                DatabaseView.coverageOfBoth(sum.coverage(), more.coverage()))));
        return List.copyOf(sums.values());
    }

    /** Adds to the counts of each database its numbers of keys. A database without counts was not visited. */
    private static List<DatabaseView> withKeys(List<DatabaseView> counts, SortedMap<Integer, ClusterChange.Keys> keys) {
        SortedMap<Integer, DatabaseView> all = new TreeMap<>();
        counts.forEach(database -> all.put(database.db(), database));
        keys.forEach((db, numbers) -> {
            DatabaseView counted = all.get(db);
            all.put(
                    db,
                    new DatabaseView(
                            db,
                            counted == null ? 0 : counted.visited(),
                            counted == null ? 0 : counted.reclaimed(),
                            numbers.keysBefore(),
                            numbers.keysAfter(),
                            numbers.expiresBefore(),
                            numbers.expiresAfter(),
                            counted == null ? null : counted.coverage()));
        });
        return List.copyOf(all.values());
    }

    /**
     * Converts the change of memory to its view.
     *
     * @param runs number of runs that were begun, of which the estimate may leave some out
     * @param note why the memory is not compared, or null if it is
     */
    private static MemoryView view(SweepMemory memory, int runs, @Nullable String note) {
        return new MemoryView(
                memory.reclaimedBytes(),
                memory.method() == null ? null : memory.method().name(),
                memory.explanation(runs),
                memory.rssBefore(),
                note == null ? memory.rssAfter() : null,
                memory.keysBefore(),
                memory.keysAfter(),
                memory.expiresBefore(),
                memory.expiresAfter(),
                memory.inflow(),
                memory.expiredElsewhere(),
                memory.evicted(),
                note);
    }
}
