package io.keysweep.engine.estimate;

import io.keysweep.engine.estimate.SlotUnits.Unit;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Estimates the dead keys of one database by a sample, on a server that keeps a hash table for each slot.
 *
 * <p>Dead keys have expired and still hold memory; a slot is one of the 16384 parts of a cluster's keys. Slots hold
 * very different numbers of keys. All keys of one slot may be dead while the keys of other slots live.
 *
 * <p>The keys are therefore divided into units of a few hundred keys, see {@link SlotUnits}. Each draw picks a random
 * unit, with a probability in proportion to its number of keys. A unit may be drawn again. The unit is scanned
 * completely, which gives its dead share: the number of dead keys divided by the number of keys. The average of the
 * dead shares is unbiased for every distribution of keys (Hansen-Hurwitz estimator).
 *
 * <p>The 95 % interval follows from the differences between the dead shares. The calculation adds one more unit with
 * only dead keys to the drawn units. So the interval also covers dead units that the draws may have missed. Used once,
 * by one thread.
 */
final class SlotSample {

    /**
     * The minimum number of draws on a replica. The allowance for missed units is one draw, so 400 draws make it 0.25 %
     * of all keys.
     */
    private static final int MIN_DRAWS = 400;

    /** A database with fewer keys is scanned completely on a replica. */
    static final int MIN_KEYS_ON_REPLICA = MIN_DRAWS * SlotUnits.UNIT_KEYS;

    /** The minimum number of draws on a primary. It is lower, since a sample there removes keys. */
    private static final int MIN_DRAWS_ON_PRIMARY = 64;

    /** The largest part of a primary's keys that is sampled, unless the database is small. */
    private static final double MAX_SAMPLED_PART = 0.1;

    /** The largest COUNT of a call. */
    private static final int MAX_COUNT = 500;

    /** The largest COUNT if the server frees removed values on its main thread. */
    private static final int CAREFUL_COUNT = 100;

    /** The COUNT of the last calls in a unit, so that they visit only a few keys after its end. */
    private static final int MIN_COUNT = 8;

    private final SampledDatabase source;
    private final SlotUnits units;
    private final Random random;
    private final long maxCalls;
    private final int maxCount;

    /**
     * The scanned units by their first cursor. A unit that is drawn a second time counts twice, but is not scanned a
     * second time.
     */
    private final Map<Long, ScannedUnit> scannedUnits = new HashMap<>();

    /** The properties of live keys in the drawn units. */
    private final KeySample living = new KeySample();

    /** The number of units drawn so far; a unit that is drawn twice counts twice. */
    private int draws;

    /** The sums of {@link ScannedUnit#deadShare}, and of its square. */
    private double sumOfShares;

    private double sumOfSquaredShares;

    /** The sums of {@link ScannedUnit#missingShare}, and of its square. */
    private double sumOfMissing;

    private double sumOfSquaredMissing;

    /** About how many keys, live and dead, the calls have covered. */
    private double coveredKeys;

    private long calls;
    private long reclaimed;

    /**
     * Holds the results of the scan of a unit.
     *
     * @param deadShare the number of dead keys divided by {@code keys}, see {@link #scanIfNew}
     * @param missingShare the number of keys that the scan has neither returned nor removed, divided by the number of
     *     keys of the unit. It is slightly inexact, since the number of keys is interpolated. On a replica it equals
     *     {@code deadShare}
     * @param tally what was read of the live keys of the unit
     * @param keys the number of keys of the unit, live and dead
     */
    private record ScannedUnit(double deadShare, double missingShare, KeyTally tally, double keys) {}

    private SlotSample(SampledDatabase source, SlotUnits units, long seed, long maxCalls) {
        this.source = source;
        this.units = units;
        this.random = new Random(seed);
        this.maxCalls = maxCalls;
        this.maxCount = source.freesOnMainThread() ? CAREFUL_COUNT : MAX_COUNT;
    }

    /**
     * Samples a database.
     *
     * @param source the database
     * @param keysBySlot the number of keys in each slot, including dead keys; the index is the slot
     * @param seed determines which units are drawn
     * @param maxCalls the number of SCAN calls after which no further unit is drawn; the last unit may need more calls,
     *     up to twice this number in total
     * @throws InterruptedException if the thread is interrupted
     */
    static Backlog of(SampledDatabase source, long[] keysBySlot, long seed, long maxCalls) throws InterruptedException {
        SlotUnits units = new SlotUnits(keysBySlot);
        return units.keys() == 0 ? Backlog.NONE : new SlotSample(source, units, seed, maxCalls).drawUnits();
    }

    /** Draws and scans units until the sample is large enough, and returns the estimate. */
    private Backlog drawUnits() throws InterruptedException {
        while (!isLargeEnough()) {
            ScannedUnit unit = scanIfNew(units.unitAt(random.nextLong(units.keys())));
            draws++;
            sumOfShares += unit.deadShare;
            sumOfSquaredShares += unit.deadShare * unit.deadShare;
            sumOfMissing += unit.missingShare;
            sumOfSquaredMissing += unit.missingShare * unit.missingShare;
            // Each draw has the same weight. Large units are drawn more often, so their size is already taken into
            // account.
            living.add(unit.tally, /* groupSize= */ 1, unit.keys > 0 ? 1 / unit.keys : 0);
        }

        // Each draw is a group of size 1 that contains shares, so the database contains as many shares as keys.
        double databaseSize = units.keys();
        return backlog().with(living.cells(databaseSize, /* covered= */ 0, /* allowance= */ 1.0 / Math.max(1, draws)));
    }

    /**
     * Returns whether the sample can end. There are three cases:
     *
     * <ul>
     *   <li>The limit of calls is reached.
     *   <li>On a primary, the sample has covered the largest allowed part of the keys.
     *   <li>Enough units were drawn and the interval is narrow enough.
     * </ul>
     */
    private boolean isLargeEnough() {
        if (calls >= maxCalls) {
            return true;
        }
        boolean isOnReplica = source.isReplica();
        if (!isOnReplica && coveredKeys >= Math.max(MAX_SAMPLED_PART * units.keys(), TableSample.MIN_KEYS)) {
            return true;
        }
        return draws >= (isOnReplica ? MIN_DRAWS : MIN_DRAWS_ON_PRIMARY)
                && TableSample.isNarrowEnough(backlog(), units.keys());
    }

    /**
     * Returns the results of a unit; scans the unit if it was not drawn before. The dead share is 0 to 1. On a replica
     * it can be slightly below 0, since the number of keys in a unit is interpolated.
     */
    private ScannedUnit scanIfNew(Unit unit) throws InterruptedException {
        ScannedUnit earlierScan = scannedUnits.get(unit.cursor());
        if (earlierScan != null) {
            return earlierScan;
        }
        long cursor = unit.cursor();
        double beginPlace = units.place(cursor);
        double place = beginPlace;
        long visitedKeys = 0;
        long deadKeys = 0;

        do {
            StepOutcome outcome = source.scan(cursor, countOf(unit.end() - place));
            cursor = outcome.cursor();
            // Cursor 0 in a reply means the end of the scan, not its beginning.
            place = cursor == 0 ? units.keys() : units.place(cursor);
            visitedKeys += outcome.visited();
            deadKeys += outcome.reclaimed();
            calls++;
            // A scan that never reaches the end of the unit ends at the limit of calls.
        } while (place < unit.end() && calls < 2 * maxCalls);

        coveredKeys += place - beginPlace;
        reclaimed += deadKeys;
        double deadShareOnPrimary = visitedKeys == 0 ? 0 : deadKeys / (double) visitedKeys;
        // On a replica, SCAN returns only live keys. The number of all keys in the unit is known from its places.
        double missingShare = 1 - visitedKeys / (place - beginPlace);
        double deadShare = source.isReplica() ? missingShare : deadShareOnPrimary;
        ScannedUnit result = new ScannedUnit(
                deadShare, missingShare, source.takeTally(), source.isReplica() ? place - beginPlace : visitedKeys);
        scannedUnits.put(unit.cursor(), result);
        return result;
    }

    /**
     * Returns the COUNT of the next call in a unit.
     *
     * @param keysToVisit about how many keys of the unit are not visited yet
     */
    private int countOf(double keysToVisit) {
        return (int) Math.clamp(Math.ceil(keysToVisit), MIN_COUNT, maxCount);
    }

    /** Returns the estimate from the draws so far. */
    private Backlog backlog() {
        double mean = draws == 0 ? 0 : sumOfShares / draws;
        return new Backlog(
                mean * units.keys(),
                halfWidth(mean, sumOfSquaredShares) * units.keys(),
                Math.round(coveredKeys),
                calls,
                reclaimed,
                missing(),
                KeyCells.NONE);
    }

    /** Estimates, on a primary, how many keys a scan of all units would neither return nor remove. */
    private Amount missing() {
        if (source.isReplica() || draws == 0) {
            return Amount.NONE;
        }
        double mean = sumOfMissing / draws;
        return new Amount(mean * units.keys(), halfWidth(mean, sumOfSquaredMissing) * units.keys());
    }

    /**
     * Returns half the width of the 95 % interval of a mean share; infinite with fewer than two draws.
     *
     * @param sumOfSquares the sum of the squares of the shares
     */
    private double halfWidth(double mean, double sumOfSquares) {
        if (draws < 2) {
            return Double.POSITIVE_INFINITY;
        }
        double variance = Math.max(0, sumOfSquares - draws * mean * mean) / (draws - 1) / draws;
        // The allowance is the share of one more unit, as if it had been drawn and all its keys were dead.
        double allowanceForMissedUnits = 1.0 / draws;
        return RatioEstimate.studentQuantile(draws - 1)
                        * Math.sqrt(variance + allowanceForMissedUnits * allowanceForMissedUnits)
                + allowanceForMissedUnits;
    }
}
