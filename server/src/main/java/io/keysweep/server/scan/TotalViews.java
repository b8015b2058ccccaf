package io.keysweep.server.scan;

import io.keysweep.api.AssistView;
import io.keysweep.api.DatabaseView;
import io.keysweep.api.MemoryView;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepMemory;
import io.keysweep.server.sweep.SweepRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds the views of memory and keys for {@link ScanViews}, both for one sweep and for a whole scan.
 *
 * <p>A sweep is the part of a scan that visits one primary. The scan of a cluster takes a reading of the keys and the
 * memory of all primaries when it begins and when it ends. The total of such a scan is the difference of the readings,
 * because a primary can have several sweeps. The total of a scan with one sweep and no readings is the result of that
 * sweep.
 */
final class TotalViews {

    /**
     * First words of the note that explains why a view leaves out the memory after a sweep or scan; the reason follows.
     */
    private static final String NOT_COMPARED = "The memory after is not compared with the memory before: ";

    private TotalViews() {}

    /**
     * Contains the totals of a scan for its view.
     *
     * @param usedMemoryBefore memory that the servers used when the scan began, in bytes; null if it is not known
     * @param usedMemoryAfter memory that the servers used when the scan ended, in bytes; null if it is not known, or
     *     must not be compared because a server has another process now
     * @param memory further figures of memory and keys
     * @param databases keys and counts by database, in the order of the database numbers
     */
    record Totals(
            @Nullable Long usedMemoryBefore,
            @Nullable Long usedMemoryAfter,
            MemoryView memory,
            List<DatabaseView> databases) {}

    /**
     * Builds the totals of a scan.
     *
     * @param change difference of the readings of a cluster, or null if there are none
     * @param databasesBySweep keys and counts by database, of each sweep
     * @param assistBySweep results of assist (raised settings of a server), of each sweep
     */
    static Totals totals(
            Scan scan,
            @Nullable ClusterChange change,
            Map<SweepKey, List<DatabaseView>> databasesBySweep,
            Map<SweepKey, AssistView> assistBySweep) {
        if (change != null) {
            return clusterTotals(scan, change, databasesBySweep, assistReclaimed(scan, assistBySweep));
        }
        if (scan.sweeps().size() == 1) {
            SweepRecord onlySweep = scan.sweeps().getFirst();
            return new Totals(
                    known(onlySweep.usedMemoryBefore()),
                    usedMemoryAfter(onlySweep),
                    memory(onlySweep),
                    databasesBySweep.getOrDefault(onlySweep.key(), List.of()));
        }
        // There is no sweep yet, or there are several sweeps without readings. Only the estimates of reclaimed memory
        // and the counts of visited and reclaimed keys can be summed up, because a primary can have several sweeps.
        return new Totals(
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                memoryView(
                        sumOfEstimates(scan), startedRuns(scan), /* isFlowKnown= */ true, /* notComparedNote= */ null),
                countsByDatabase(scan, databasesBySweep));
    }

    /**
     * Returns the number of keys that the servers have counted as reclaimed during assist; null without assist.
     */
    static @Nullable Long assistReclaimed(Scan scan, Map<SweepKey, AssistView> assistBySweep) {
        List<AssistView> assistViews = scan.sweeps().stream()
                .map(sweep -> assistBySweep.get(sweep.key()))
                .filter(Objects::nonNull)
                .toList();
        return assistViews.isEmpty()
                ? null
                : (Long) assistViews.stream().mapToLong(AssistView::reclaimed).sum();
    }

    /** Returns the used memory after a sweep, or null if it is not known or must not be compared. */
    static @Nullable Long usedMemoryAfter(SweepRecord sweep) {
        return sweep.memory().sameProcess() ? known(sweep.usedMemoryAfter()) : null;
    }

    /** Returns a number of bytes of memory; null instead of 0, which stands for a server that does not report it. */
    static @Nullable Long known(@Nullable Long bytes) {
        return bytes == null || bytes == 0 ? null : bytes;
    }

    /** Builds the view of memory and keys of one sweep. */
    static MemoryView memory(SweepRecord sweep) {
        SweepMemory memory = sweep.memory();
        // If there were several runs, keys may also have expired between the runs or in a lost run, and nobody has
        // counted them.
        boolean isFlowKnown = sweep.runs() <= 1 || memory.explainsChangeOfKeys(sweep.reclaimed());
        return memoryView(
                memory,
                sweep.runs(),
                isFlowKnown,
                memory.sameProcess()
                        ? null
                        : NOT_COMPARED + "the process of the server is another one since a failover or a restart"
                                + (sweep.primary() == null ? "" : ", now " + sweep.primary()) + ".");
    }

    /**
     * Builds the totals of a cluster: memory and keys from the readings, all other figures from the sweeps.
     *
     * @param assistReclaimed number of keys that the servers have reclaimed during assist; null without assist
     */
    private static Totals clusterTotals(
            Scan scan,
            ClusterChange change,
            Map<SweepKey, List<DatabaseView>> databasesBySweep,
            @Nullable Long assistReclaimed) {
        SweepMemory estimates = sumOfEstimates(scan);
        // The readings before were taken before assist, so the servers have also counted the keys of assist as expired.
        ClusterChange.Flow flow = change.flow(scan.reclaimed() + (assistReclaimed == null ? 0 : assistReclaimed));
        String difference = change.difference();
        MemoryView memory = new MemoryView(
                estimates.reclaimedBytes(),
                estimates.method() == null ? null : estimates.method().name(),
                estimates.explanation(startedRuns(scan)),
                change.memoryBefore(PrimaryReading::rssBytes),
                change.memoryAfter(PrimaryReading::rssBytes),
                change.sumBefore(ClusterChange::keys),
                change.sumAfter(ClusterChange::keys),
                change.sumBefore(ClusterChange::expires),
                change.sumAfter(ClusterChange::expires),
                flow == null ? null : (Long) flow.inflow(),
                flow == null ? null : (Long) flow.expiredElsewhere(),
                flow == null ? null : (Long) flow.evicted(),
                difference == null ? null : NOT_COMPARED + difference + ".");
        return new Totals(
                change.memoryBefore(PrimaryReading::usedBytes),
                change.memoryAfter(PrimaryReading::usedBytes),
                memory,
                withKeys(countsByDatabase(scan, databasesBySweep), change.databases()));
    }

    /** Returns the estimated memory of the keys that all sweeps have reclaimed; all other figures are null. */
    private static SweepMemory sumOfEstimates(Scan scan) {
        return SweepMemory.estimates(
                scan.sweeps().stream().map(SweepRecord::memory).toList());
    }

    /** Returns how many runs all sweeps together have begun. A run is the work of one worker on a sweep. */
    private static int startedRuns(Scan scan) {
        return scan.sweeps().stream().mapToInt(SweepRecord::runs).sum();
    }

    /**
     * Returns the visited and reclaimed keys of all sweeps together, by database. The views lack the numbers of keys
     * before and after the scan.
     */
    private static List<DatabaseView> countsByDatabase(Scan scan, Map<SweepKey, List<DatabaseView>> databasesBySweep) {
        SortedMap<Integer, DatabaseView> sums = new TreeMap<>();
        scan.sweeps().stream()
                .flatMap(sweep -> databasesBySweep.getOrDefault(sweep.key(), List.of()).stream())
                .forEach(counts -> sums.merge(
                        counts.db(),
                        withoutKeys(counts.db(), counts.visited(), counts.reclaimed(), /* coverage= */ null),
                        (sum, addend) -> withoutKeys(
                                sum.db(),
                                sum.visited() + addend.visited(),
                                sum.reclaimed() + addend.reclaimed(),
                                /* coverage= */ null)));
        return sums.values().stream()
                .map(sum -> withoutKeys(
                        sum.db(), sum.visited(), sum.reclaimed(), coverage(scan, sum.db(), databasesBySweep)))
                .toList();
    }

    /**
     * Returns why a database is treated as covered by all sweeps together; null if it is not covered.
     *
     * <p>The database is also treated as covered if one sweep has not covered it, but other sweeps have covered it in
     * all slots of that sweep. Example: slots moved away while the first round swept them, and the second round swept
     * them at their new primary.
     */
    private static @Nullable String coverage(Scan scan, int db, Map<SweepKey, List<DatabaseView>> databasesBySweep) {
        SlotSet uncoveredSlots = SlotSet.NONE;
        SlotSet coveredSlots = SlotSet.NONE;
        String coverage = null;
        for (SweepRecord sweep : scan.sweeps()) {
            for (DatabaseView database : databasesBySweep.getOrDefault(sweep.key(), List.of())) {
                if (database.db() != db) {
                    continue;
                }
                if (database.coverage() == null) {
                    uncoveredSlots = uncoveredSlots.union(sweep.slots());
                } else {
                    coveredSlots = coveredSlots.union(Objects.requireNonNullElse(sweep.covered(), SlotSet.NONE));
                    coverage = coverage == null
                            ? database.coverage()
                            : DatabaseView.coverageOfBoth(coverage, database.coverage());
                }
            }
        }
        return uncoveredSlots.minus(coveredSlots).isEmpty() ? coverage : null;
    }

    /** Returns a view of a database with counts, but without the numbers of keys before and after the scan. */
    private static DatabaseView withoutKeys(int db, long visited, long reclaimed, @Nullable String coverage) {
        return new DatabaseView(
                db,
                visited,
                reclaimed,
                /* keysBefore= */ null,
                /* keysAfter= */ null,
                /* expiresBefore= */ null,
                /* expiresAfter= */ null,
                coverage);
    }

    /**
     * Adds to the counts of each database its numbers of keys. A database that is only in {@code keys} was not visited
     * and gets the counts 0; a database that is only in {@code counts} gets no numbers of keys.
     */
    private static List<DatabaseView> withKeys(List<DatabaseView> counts, SortedMap<Integer, ClusterChange.Keys> keys) {
        SortedMap<Integer, DatabaseView> views = new TreeMap<>();
        counts.forEach(database -> views.put(database.db(), database));
        keys.forEach((db, databaseKeys) -> {
            DatabaseView databaseCounts = views.get(db);
            views.put(
                    db,
                    new DatabaseView(
                            db,
                            databaseCounts == null ? 0 : databaseCounts.visited(),
                            databaseCounts == null ? 0 : databaseCounts.reclaimed(),
                            databaseKeys.keysBefore(),
                            databaseKeys.keysAfter(),
                            databaseKeys.expiresBefore(),
                            databaseKeys.expiresAfter(),
                            databaseCounts == null ? null : databaseCounts.coverage()));
        });
        return List.copyOf(views.values());
    }

    /**
     * Converts the change of memory and keys to its view.
     *
     * @param startedRuns number of runs that were begun; the explanation says if the estimate leaves some out
     * @param isFlowKnown whether the counts of created, expired and evicted keys include the whole sweep; otherwise the
     *     view leaves them out
     * @param notComparedNote why the memory after is left out, or null if it can be compared
     */
    private static MemoryView memoryView(
            SweepMemory memory, int startedRuns, boolean isFlowKnown, @Nullable String notComparedNote) {
        return new MemoryView(
                memory.reclaimedBytes(),
                memory.method() == null ? null : memory.method().name(),
                memory.explanation(startedRuns),
                known(memory.rssBefore()),
                notComparedNote == null ? known(memory.rssAfter()) : null,
                memory.keysBefore(),
                memory.keysAfter(),
                memory.expiresBefore(),
                memory.expiresAfter(),
                isFlowKnown ? memory.inflow() : null,
                isFlowKnown ? memory.expiredElsewhere() : null,
                isFlowKnown ? memory.evicted() : null,
                notComparedNote);
    }
}
