package io.keysweep.engine.estimate;

import io.keysweep.engine.estimate.SlotUnits.Unit;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Samples one database of a server that keeps a table for each slot.
 *
 * <p>Slots hold very different numbers of keys, and all keys of a slot with one tag may be dead among live slots.
 * Therefore the keys are divided into units of about the same number of keys, see {@link SlotUnits}. Each draw picks a
 * unit with a probability in proportion to its keys, with replacement, and the unit is scanned completely. The average
 * of the dead shares is unbiased, whatever the slots hold (Hansen-Hurwitz estimator).
 *
 * <p>The interval follows from the spread between the drawn units, as if one more unit had been drawn that is all dead.
 * So it also covers what the draws may have missed.
 */
final class SlotSample {

    /** Minimum number of draws. With fewer, the possibly missed part would make the interval wide. */
    private static final int MIN_DRAWS = 400;

    /** A database with fewer keys is scanned completely on a replica. */
    static final int MIN_KEYS_ON_REPLICA = MIN_DRAWS * SlotUnits.UNIT_KEYS;

    /** Minimum number of draws on a primary, where a sample reclaims keys. */
    private static final int MIN_DRAWS_ON_PRIMARY = 64;

    /** On a primary, at most this share of the keys is sampled, except in small databases. */
    private static final double MAX_SHARE = 0.1;

    private static final int MAX_COUNT = 500;
    private static final int CAREFUL_COUNT = 100;
    /** COUNT of the last calls in a unit; they run only a little past its end. */
    private static final int MIN_COUNT = 8;

    private final SampledDatabase source;
    private final SlotUnits units;
    private final Random random;
    private final long budget;
    private final int maxCount;
    /** Dead shares by the start of the unit. A unit that is drawn again counts again, but is not scanned again. */
    private final Map<Long, Double> shares = new HashMap<>();

    private int draws;
    private double sum;
    private double squares;
    private double coveredKeys;
    private long calls;
    private long reclaimed;

    private SlotSample(SampledDatabase source, SlotUnits units, long seed, long budget) {
        this.source = source;
        this.units = units;
        this.random = new Random(seed);
        this.budget = budget;
        this.maxCount = source.freesOnMainThread() ? CAREFUL_COUNT : MAX_COUNT;
    }

    /**
     * Samples a database.
     *
     * @param keysBySlot how many keys the node holds of each slot, dead ones included
     * @param seed determines which units are drawn
     * @param budget maximum number of calls; the last unit may exceed it
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
        if (!onReplica && coveredKeys >= Math.max(MAX_SHARE * units.keys(), TableSample.MIN_KEYS)) {
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
        long deadKeys = 0;
        do {
            StepOutcome outcome = source.scan(cursor, count(unit.end() - at));
            cursor = outcome.cursor();
            at = cursor == 0 ? units.keys() : units.place(cursor);
            visited += outcome.visited();
            deadKeys += outcome.reclaimed();
            calls++;
        } while (at < unit.end());
        coveredKeys += at - begin;
        reclaimed += deadKeys;
        // On a replica no call returns dead keys; they are the difference to the number of keys in the unit.
        double share = source.replica() ? 1 - visited / (at - begin) : visited == 0 ? 0 : deadKeys / (double) visited;
        shares.put(unit.cursor(), share);
        return share;
    }

    private int count(double left) {
        return (int) Math.clamp(Math.ceil(left), MIN_COUNT, maxCount);
    }

    private Backlog backlog() {
        double mean = draws == 0 ? 0 : sum / draws;
        return new Backlog(
                mean * units.keys(), halfWidth(mean) * units.keys(), Math.round(coveredKeys), calls, reclaimed);
    }

    private double halfWidth(double mean) {
        if (draws < 2) {
            return Double.POSITIVE_INFINITY;
        }
        double variance = Math.max(0, squares - draws * mean * mean) / (draws - 1) / draws;
        double missed = 1.0 / draws;
        return RatioEstimate.studentQuantile(draws - 1) * Math.sqrt(variance + missed * missed) + missed;
    }
}
