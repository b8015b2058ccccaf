package io.keysweep.engine.estimate;

import io.keysweep.engine.estimate.SlotUnits.Unit;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * A sample of one database whose keys lie in a table for each slot. Slots hold keys unevenly, and one whose keys share a
 * tag may be all dead among living ones. So units of about the same number of keys are passed as a whole, each drawn as
 * often as it has keys (with replacement), and their dead shares are averaged, which errs to neither side whatever the
 * slots hold (Hansen and Hurwitz).
 *
 * <p>The interval is that of the spread between the units, as if one more had been met that is all dead: so it also
 * holds what so many draws can have missed.
 */
final class SlotSample {

    /** Fewer draws than this would leave a wide interval by what they can have missed. */
    private static final int MIN_DRAWS = 400;

    /** A replica with fewer keys is passed as a whole. */
    static final int WHOLE_ON_REPLICA_BELOW = MIN_DRAWS * SlotUnits.UNIT_KEYS;

    /** On a primary, where a sample takes keys away, fewer have to do. */
    private static final int MIN_DRAWS_ON_PRIMARY = 64;

    /** On a primary no more than this share of the keys is passed, but for small databases. */
    private static final double LARGEST_SHARE = 0.1;

    private static final int LARGEST_CALL = 500;
    private static final int CAREFUL_CALL = 100;
    /** The last calls in a unit; what they pass of the next one is little. */
    private static final int SMALLEST_CALL = 8;

    private final SampledDatabase source;
    private final SlotUnits units;
    private final Random random;
    private final long budget;
    private final int largestCall;
    /** Dead shares by where the unit begins: one that is drawn again counts again, and is not passed again. */
    private final Map<Long, Double> shares = new HashMap<>();

    private int draws;
    private double sum;
    private double squares;
    private double passed;
    private long calls;
    private long reclaimed;

    private SlotSample(SampledDatabase source, SlotUnits units, long seed, long budget) {
        this.source = source;
        this.units = units;
        this.random = new Random(seed);
        this.budget = budget;
        this.largestCall = source.freesOnMainThread() ? CAREFUL_CALL : LARGEST_CALL;
    }

    /**
     * Samples a database.
     *
     * @param keysBySlot keys that the node holds of each slot, dead ones included
     * @param seed which units
     * @param budget most calls, but for those of the last unit
     */
    static Backlog of(SampledDatabase source, long[] keysBySlot, long seed, long budget) throws InterruptedException {
        SlotUnits units = new SlotUnits(keysBySlot);
        return units.keys() == 0 ? Backlog.NONE : new SlotSample(source, units, seed, budget).sample();
    }

    private Backlog sample() throws InterruptedException {
        while (!enough()) {
            double share = share(units.at(random.nextLong(units.keys())));
            draws++;
            sum += share;
            squares += share * share;
        }
        return backlog();
    }

    private boolean enough() {
        if (calls >= budget) {
            return true;
        }
        boolean onReplica = source.replica();
        if (!onReplica && passed >= Math.max(LARGEST_SHARE * units.keys(), TableSample.WHOLE_BELOW)) {
            return true;
        }
        return draws >= (onReplica ? MIN_DRAWS : MIN_DRAWS_ON_PRIMARY)
                && TableSample.goodEnough(backlog(), units.keys());
    }

    private double share(Unit unit) throws InterruptedException {
        Double known = shares.get(unit.cursor());
        if (known != null) {
            return known;
        }
        long cursor = unit.cursor();
        double begin = units.place(cursor);
        double at = begin;
        long visited = 0;
        long gone = 0;
        do {
            StepOutcome outcome = source.pass(cursor, count(unit.end() - at));
            cursor = outcome.cursor();
            at = cursor == 0 ? units.keys() : units.place(cursor);
            visited += outcome.visited();
            gone += outcome.reclaimed();
            calls++;
        } while (at < unit.end());
        passed += at - begin;
        reclaimed += gone;
        // On a replica no call returns the dead ones: they are what is missing.
        double share = source.replica() ? 1 - visited / (at - begin) : visited == 0 ? 0 : gone / (double) visited;
        shares.put(unit.cursor(), share);
        return share;
    }

    private int count(double left) {
        return (int) Math.clamp(Math.ceil(left), SMALLEST_CALL, largestCall);
    }

    private Backlog backlog() {
        double mean = draws == 0 ? 0 : sum / draws;
        return new Backlog(mean * units.keys(), halfWidth(mean) * units.keys(), Math.round(passed), calls, reclaimed);
    }

    private double halfWidth(double mean) {
        if (draws < 2) {
            return Double.POSITIVE_INFINITY;
        }
        double variance = Math.max(0, squares - draws * mean * mean) / (draws - 1) / draws;
        double missed = 1.0 / draws;
        return RatioEstimate.quantile(draws - 1) * Math.sqrt(variance + missed * missed) + missed;
    }
}
