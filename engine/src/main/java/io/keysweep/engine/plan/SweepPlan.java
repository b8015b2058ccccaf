package io.keysweep.engine.plan;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Plans the sweep of one primary and tracks its progress, with one {@link DatabaseWalk} for each database.
 *
 * <p>The plan contains every database that held keys when the sweep was planned, one after the other. Databases that
 * receive their first keys later are not swept.
 *
 * <p>A position says which part of a database is covered. The sweep <i>confirms</i> positions once it has checked that
 * the server reclaimed keys up to them. The check is needed because a server on which writes are paused answers SCAN,
 * but removes nothing. A checkpoint stores the positions that were confirmed last. Not thread-safe.
 */
public final class SweepPlan {

    private final List<DatabaseWalk> walks;

    /** The positions that were confirmed last, in the order of the walks. */
    private List<DatabasePosition> confirmedPositions;

    private SweepPlan(List<DatabaseWalk> walks) {
        this.walks = List.copyOf(walks);
        this.confirmedPositions = positions();
    }

    /**
     * Creates a plan that begins at the start of each database.
     *
     * @param keys the number of keys by database number, only of databases with keys, in the order of the sweep
     * @param lowBits the meaning of the low bits of the server's cursors
     * @param isFar whether the server is so far away that several steps are on their way at a time
     * @param seeds creates the seed of the random segment order of each database
     */
    public static SweepPlan fresh(
            SortedMap<Integer, Long> keys, LowBits lowBits, boolean isFar, RandomGenerator seeds) {
        List<DatabaseWalk> walks = new ArrayList<>();
        keys.forEach((db, count) -> {
            Segmentation segmentation = Segmentation.of(lowBits, count, isFar);
            DatabasePosition start = DatabasePosition.start(db, segmentation, seeds.nextLong());
            walks.add(DatabaseWalk.from(start, count));
        });
        return new SweepPlan(walks);
    }

    /**
     * Creates a plan that continues from a checkpoint. The caller has checked that the positions are still valid.
     *
     * @param positions the positions in the checkpoint, in the order of the sweep; other databases are not swept
     * @param keys the current number of keys by database number, for the progress; a missing database has no keys
     */
    public static SweepPlan resume(List<DatabasePosition> positions, SortedMap<Integer, Long> keys) {
        return new SweepPlan(positions.stream()
                .map(position -> DatabaseWalk.from(position, keys.getOrDefault(position.db(), 0L)))
                .toList());
    }

    /**
     * Returns the first walk that is not complete, with which the sweep continues; null when all databases are covered.
     */
    public @Nullable DatabaseWalk current() {
        for (DatabaseWalk walk : walks) {
            if (!walk.complete()) {
                return walk;
            }
        }
        return null;
    }

    /** Returns the walks through the databases, in the order of the sweep. */
    public List<DatabaseWalk> walks() {
        return walks;
    }

    /**
     * Returns how much of the key space is covered, 0 to 1, with databases weighted by their keys; 1 without databases.
     */
    public double fraction() {
        double coveredWeight = 0;
        double totalWeight = 0;
        for (DatabaseWalk walk : walks) {
            // One is added to each weight, so that databases that have become empty still have a small weight.
            coveredWeight += walk.fraction() * (walk.keys() + 1);
            totalWeight += walk.keys() + 1;
        }
        return totalWeight == 0 ? 1 : Math.min(1, coveredWeight / totalWeight);
    }

    /** Marks the current positions as confirmed; called when a check has shown that the server reclaims. */
    public void confirm() {
        confirmedPositions = positions();
    }

    /** Returns the positions that were confirmed last, which a checkpoint stores. */
    public List<DatabasePosition> confirmedPositions() {
        return confirmedPositions;
    }

    /**
     * Moves back to the positions that were confirmed last, since the steps after them may have reclaimed nothing and
     * must be repeated. No step may be in flight.
     */
    public void revert() {
        for (int i = 0; i < confirmedPositions.size(); i++) {
            walks.get(i).moveTo(confirmedPositions.get(i));
        }
    }

    private List<DatabasePosition> positions() {
        return walks.stream().map(DatabaseWalk::position).toList();
    }
}
