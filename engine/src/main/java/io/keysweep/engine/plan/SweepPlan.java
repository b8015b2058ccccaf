package io.keysweep.engine.plan;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way through one primary: every database that held keys when it was planned, one after the other. A database that
 * gets its first keys later is not part of the pass. Not safe to share between threads.
 */
public final class SweepPlan {

    private final List<DatabaseWalk> walks;
    private List<DatabasePosition> confirmed;

    private SweepPlan(List<DatabaseWalk> walks) {
        this.walks = List.copyOf(walks);
        this.confirmed = positions();
    }

    /**
     * A plan from the start.
     *
     * @param keys keys a database
     * @param lowBits what the server's cursors end in
     * @param seeds where the random order comes from
     */
    public static SweepPlan fresh(SortedMap<Integer, Long> keys, LowBits lowBits, RandomGenerator seeds) {
        List<DatabaseWalk> walks = new ArrayList<>();
        keys.forEach((db, count) -> {
            Segmentation segmentation = Segmentation.of(lowBits, count);
            DatabasePosition start = new DatabasePosition(db, segmentation, seeds.nextLong(), 0, null);
            walks.add(DatabaseWalk.from(start, count));
        });
        return new SweepPlan(walks);
    }

    /**
     * The plan that a checkpoint of the same server process belongs to.
     *
     * @param keys keys a database now, for the progress
     */
    public static SweepPlan resumed(List<DatabasePosition> positions, SortedMap<Integer, Long> keys) {
        return new SweepPlan(positions.stream()
                .map(position -> DatabaseWalk.from(position, keys.getOrDefault(position.db(), 0L)))
                .toList());
    }

    /** The database to go on with, or null when all are covered. */
    public @Nullable DatabaseWalk current() {
        for (DatabaseWalk walk : walks) {
            if (!walk.complete()) {
                return walk;
            }
        }
        return null;
    }

    /** How much of the key space is covered, 0 to 1, databases weighed by their keys. */
    public double fraction() {
        double done = 0;
        double all = 0;
        for (DatabaseWalk walk : walks) {
            // One more each, so that databases that are empty by now still count a little.
            done += walk.fraction() * (walk.keys() + 1);
            all += walk.keys() + 1;
        }
        return all == 0 ? 1 : Math.min(1, done / all);
    }

    /** Takes the present positions as sure: the server was seen to reclaim up to here. */
    public void confirm() {
        confirmed = positions();
    }

    /** The last sure positions. */
    public List<DatabasePosition> confirmed() {
        return confirmed;
    }

    /** Goes back to the last sure positions. */
    public void revert() {
        for (int i = 0; i < confirmed.size(); i++) {
            walks.get(i).moveTo(confirmed.get(i));
        }
    }

    private List<DatabasePosition> positions() {
        return walks.stream().map(DatabaseWalk::position).toList();
    }
}
