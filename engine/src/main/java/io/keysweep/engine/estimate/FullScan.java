package io.keysweep.engine.estimate;

import io.keysweep.engine.plan.CursorTrail;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.EndlessScan;
import org.jspecify.annotations.Nullable;

/**
 * Counts the dead keys (expired keys that still use memory) of a database with one scan from start to end.
 *
 * <p>{@link ReplicaFirstEstimator} uses it for exact counts and for databases that are too small to sample. It works
 * for cursors of any kind.
 */
final class FullScan {

    /** The COUNT of each SCAN call: about how many keys a call visits. */
    private static final int COUNT = 1_000;

    private FullScan() {}

    /**
     * Counts the dead keys of a database. On a primary, the scan removes them. On a replica, they are the keys that
     * DBSIZE counts but SCAN does not return. Waits between the calls to limit the load on the server. The caller
     * checks afterwards that the role is still the same.
     *
     * @param source the server
     * @param db the number of the database
     * @throws io.keysweep.engine.topology.NodeRefusedException if the scan never ends, or if the server refuses a
     *     command
     * @throws InterruptedException if the thread is interrupted
     */
    static Backlog of(EstimateSource source, int db) throws InterruptedException {
        long keysBefore = source.selectAndCount(db);
        long cursor = 0;
        long visitedKeys = 0;
        long reclaimedKeys = 0;
        long calls = 0;
        CursorTrail trail = new CursorTrail();
        KeySample living = new KeySample();

        do {
            StepOutcome outcome = source.scan(cursor, COUNT);
            cursor = outcome.cursor();
            living.add(source.takeTally(), /* groupSize= */ 1, /* scale= */ 1);
            visitedKeys += outcome.visited();
            reclaimedKeys += outcome.reclaimed();
            calls++;
            trail.add(cursor);
            // Other clients may write while the scan runs. So the size is read again before the scan is refused as
            // endless.
            if (endlessScanEvidence(trail, calls, visitedKeys, keysBefore, source.countsLiveKeys()) != null) {
                long mostKeys = Math.max(keysBefore, source.selectAndCount(db));
                String evidence = endlessScanEvidence(trail, calls, visitedKeys, mostKeys, source.countsLiveKeys());
                if (evidence != null) {
                    throw source.endlessScanRefusal(evidence);
                }
            }
        } while (cursor != 0);

        if (!source.isReplica()) {
            // On a primary, the scan has removed the dead keys, so their number is known exactly.
            double dead = reclaimedKeys;
            // As on a replica (see below), the average of both sizes is compared. Only the first size includes the
            // removed keys.
            double averageKeys = (keysBefore + source.selectAndCount(db) + reclaimedKeys) / 2.0;
            return Backlog.counted(dead, visitedKeys, calls, reclaimedKeys)
                    .missing(new Amount(averageKeys - visitedKeys, /* halfWidth= */ 0))
                    .with(cells(living, calls));
        }

        // On a replica, the dead keys are the keys that the scan has not met. It meets about half of the keys that are
        // added or removed while it runs. So without dead keys, it would have met about the average of both sizes. The
        // interval allows for the whole difference.
        long keysAfter = source.selectAndCount(db);
        double keys = (keysBefore + keysAfter) / 2.0;
        double hiddenKeys = Math.max(0, keys - visitedKeys);
        return new Backlog(
                hiddenKeys,
                /* halfWidth= */ Math.abs(keysAfter - keysBefore) / 2.0,
                Math.round(keys),
                calls,
                /* reclaimed= */ 0,
                Amount.NONE,
                cells(living, calls));
    }

    /**
     * Returns the sums over the live keys, which have no error, since every key was read. Each call was added as a
     * group of size 1, so the size of the database is the number of calls.
     */
    private static KeyCells cells(KeySample living, long calls) {
        double databaseSize = calls;
        return living.cells(databaseSize, /* covered= */ 1, /* allowance= */ 0);
    }

    /** Returns the evidence that the scan never ends, as part of a sentence; null if there is none. */
    private static @Nullable String endlessScanEvidence(
            CursorTrail trail, long calls, long visited, long keys, boolean visitsCounted) {
        return new EndlessScan(trail.repeated(), calls * COUNT, visited, keys, /* cursorsKnown= */ false)
                .reason(visitsCounted);
    }
}
