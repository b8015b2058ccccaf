package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts of a sweep, and what a step in doubt has reclaimed.
 *
 * <p>A step is in doubt if the server may have run it, but its reply was not counted: the connection broke, or the
 * process ended before the next checkpoint. The server's own counter of expired keys then tells: what it has grown by
 * since the last counted step was reclaimed by the steps in doubt, or by other expiry. Other expiry shows in that the
 * counter grows faster than the counted steps; then only a bound can be given, and the sum is an estimate.
 */
final class SweepCounts {

    private final SortedMap<Integer, long[]> databases = new TreeMap<>();
    private long visited;
    private long reclaimed;
    private long steps;
    private Duration longestStall = Duration.ZERO;

    /** The server's counter when it was last read, and what steps have reclaimed since. */
    private OptionalLong mark;

    private long sinceMark;
    private boolean otherExpirySeen;
    private boolean doubtSettled;
    private boolean lost;

    /** Begins where a checkpoint ended, or at zero. */
    SweepCounts(@Nullable Checkpoint checkpoint, OptionalLong expiredNow) {
        if (checkpoint != null) {
            visited = checkpoint.visited();
            reclaimed = checkpoint.reclaimed();
            lost = !checkpoint.exact();
            otherExpirySeen = !checkpoint.alone();
        }
        mark = expiredNow;
    }

    void add(int db, StepOutcome outcome, Duration stall) {
        count(db, outcome.visited(), outcome.reclaimed());
        sinceMark += outcome.reclaimed();
        steps++;
        if (stall.compareTo(longestStall) > 0) {
            longestStall = stall;
        }
    }

    /** Compares with the server's counter, read after the last counted step and with none in doubt. */
    void compare(OptionalLong expiredNow) {
        if (expiredNow.isPresent() && mark.isPresent() && expiredNow.getAsLong() != mark.getAsLong() + sinceMark) {
            otherExpirySeen = true;
        }
        restartFrom(expiredNow);
    }

    /** What the server's counter has reached by the counted steps. */
    long expiredKeys() {
        return mark.orElse(0) + sinceMark;
    }

    /**
     * Counts steps in doubt.
     *
     * @param db database to count it for; null if it is of an earlier run
     * @param expiredBefore the server's counter after the last counted step
     * @param expiredNow the same now
     * @param bound most that they can have reclaimed as far as is known
     * @param quiet whether no other expiry is seen
     */
    void settle(@Nullable Integer db, long expiredBefore, OptionalLong expiredNow, long bound, boolean quiet) {
        otherExpirySeen |= !quiet;
        if (expiredNow.isEmpty()) {
            lost = true;
        } else {
            long growth = expiredNow.getAsLong() - expiredBefore;
            // Less than before: somebody has reset the statistics.
            otherExpirySeen |= growth < 0 || growth > bound;
            long ours = Math.clamp(growth, 0, bound);
            if (ours > 0) {
                doubtSettled = true;
                if (db == null) {
                    visited += ours;
                    reclaimed += ours;
                } else {
                    count(db, ours, ours);
                }
            }
            lost |= growth < 0;
        }
        restartFrom(expiredNow);
    }

    /** Notes that steps in doubt can never be settled: the process that ran them is gone, with its counter. */
    void lose(OptionalLong expiredNow) {
        lost = true;
        restartFrom(expiredNow);
    }

    /** Begins with a new server process, no step in doubt. */
    void restartFrom(OptionalLong expiredNow) {
        mark = expiredNow;
        sinceMark = 0;
    }

    private void count(int db, long moreVisited, long moreReclaimed) {
        visited += moreVisited;
        reclaimed += moreReclaimed;
        long[] counts = databases.computeIfAbsent(db, ignored -> new long[2]);
        counts[0] += moreVisited;
        counts[1] += moreReclaimed;
    }

    long visited() {
        return visited;
    }

    long reclaimed() {
        return reclaimed;
    }

    /** What this run has reclaimed; steps in doubt of an earlier one are not its own. */
    long reclaimedInThisRun() {
        return databases.values().stream().mapToLong(counts -> counts[1]).sum();
    }

    long steps() {
        return steps;
    }

    Duration longestStall() {
        return longestStall;
    }

    boolean otherExpirySeen() {
        return otherExpirySeen;
    }

    boolean exact() {
        return !lost && !(doubtSettled && otherExpirySeen);
    }

    List<DatabaseCount> databases() {
        return databases.entrySet().stream()
                .map(entry -> new DatabaseCount(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .toList();
    }
}
