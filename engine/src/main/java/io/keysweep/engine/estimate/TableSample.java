package io.keysweep.engine.estimate;

import io.keysweep.engine.plan.ScanCursor;
import io.keysweep.engine.plan.SegmentOrder;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates the dead keys of one database by a sample, on a server that keeps the database in one hash table.
 *
 * <p>Dead keys have expired and still hold memory. The table is divided into segments of equal size. The sample makes
 * one SCAN call at the start of each of some random segments. The keys that a call covers form a group, see {@link
 * RatioEstimate}. The position of a key follows from the hash of its name, so neighbours in the table are a random
 * choice of keys.
 *
 * <p>On a replica, a call returns only live keys. Its cursor shows which part of the table the call has covered.
 * Example: if 1 % of the table holds 600 live keys, the whole table holds about 60,000. The other keys of DBSIZE are
 * dead. On a primary, a call removes its dead keys and reports their number. Used once, by one thread.
 */
final class TableSample {

    /** The number of keys below which a database of a primary is scanned completely. */
    static final int MIN_KEYS = 20_000;

    /** The largest number of segments. A sample needs no more, and each takes memory for the random order. */
    private static final int MAX_SEGMENTS = 1 << 18;

    /** The smallest average number of keys in a segment. */
    private static final int SEGMENT_KEYS = 1_024;

    /**
     * A database with fewer keys is scanned completely on a replica, where a scan removes nothing. A sample of so few
     * segments would cover only a part of the keys, with an error of hundreds of dead keys.
     */
    static final int MIN_KEYS_ON_REPLICA = 64 * SEGMENT_KEYS;

    /**
     * The COUNT of a call. It is well below the keys of a segment, so that two calls hardly ever visit the same keys.
     */
    private static final int COUNT = 500;

    /** The COUNT of a call if the server frees removed values on its main thread. */
    private static final int CAREFUL_COUNT = 100;

    /** The minimum number of calls; with fewer groups, the error could not be estimated well. */
    private static final int MIN_GROUPS = 16;

    /** The minimum number of covered keys, live and dead, before a narrow interval ends the sample. */
    private static final int MIN_COVERED_KEYS = 8_000;

    /** The part of the keys at which a sample ends even with a wide interval, unless the database is small. */
    private static final double MAX_SAMPLED_PART = 0.1;

    /** An interval is narrow enough if its half width is at most this part of the dead keys. */
    private static final double MAX_RELATIVE_ERROR = 0.03;

    /**
     * An interval is also narrow enough if its half width is at most this part of all keys. This limit applies if few
     * keys are dead.
     */
    private static final double MAX_ABSOLUTE_ERROR = 0.004;

    private final SampledDatabase source;
    private final long keys;
    private final SegmentOrder order;
    private final int segments;
    private final int count;
    private final long maxCalls;
    private final List<SampleGroup> groups = new ArrayList<>();

    /** On a primary, the part of the table that each call has covered, and the keys that it has visited there. */
    private final List<SampleGroup> visits = new ArrayList<>();

    private final KeySample living = new KeySample();

    /** The part of the table that the calls have covered, 0 to 1. */
    private double covered;

    private long visited;
    private long reclaimed;

    private TableSample(SampledDatabase source, long keys, long seed, long maxCalls) {
        this.source = source;
        this.keys = keys;
        this.maxCalls = maxCalls;
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.min(MAX_SEGMENTS, keys / SEGMENT_KEYS));
        this.order = new SegmentOrder(bits, seed);
        this.segments = 1 << bits;
        this.count = source.freesOnMainThread() ? CAREFUL_COUNT : COUNT;
    }

    /**
     * Samples a database.
     *
     * @param source the database
     * @param keys the number of keys in the database, at least {@value #MIN_KEYS}
     * @param seed determines which segments are sampled
     * @param maxCalls the number of SCAN calls after which the sample ends; at least {@value #MIN_GROUPS} are made
     * @throws InterruptedException if the thread is interrupted
     */
    static Backlog of(SampledDatabase source, long keys, long seed, long maxCalls) throws InterruptedException {
        return new TableSample(source, keys, seed, maxCalls).scanSegments();
    }

    /**
     * Returns whether an interval is narrow enough to stop sampling. Its half width is then at most 3 % of the dead
     * keys, or 0.4 % of all keys.
     *
     * @param keys the number of keys, live and dead
     */
    static boolean isNarrowEnough(Backlog backlog, long keys) {
        return backlog.halfWidth() <= Math.max(MAX_RELATIVE_ERROR * backlog.dead(), MAX_ABSOLUTE_ERROR * keys);
    }

    /** Scans the starts of segments until the sample is large enough or all segments are used; returns the estimate. */
    private Backlog scanSegments() throws InterruptedException {
        while (groups.size() < segments && (groups.size() < MIN_GROUPS || !isLargeEnough())) {
            scanSegment(order.at(groups.size()));
        }
        // The size is in the unit of the groups' sizes: parts of the table on a replica, keys on a primary.
        double databaseSize = source.isReplica() ? 1 : keys;
        return backlog().with(living.cells(databaseSize, covered, /* allowance= */ 0));
    }

    /** Makes one SCAN call at the start of a segment, and adds the covered keys as a group. */
    private void scanSegment(long start) throws InterruptedException {
        StepOutcome outcome = source.scan(start, count);
        double end = outcome.cursor() == 0 ? 1 : ScanCursor.partBefore(outcome.cursor());
        double coveredPart = Math.max(0, end - ScanCursor.partBefore(start));
        covered += coveredPart;
        visited += outcome.visited();
        reclaimed += outcome.reclaimed();
        groups.add(
                source.isReplica()
                        ? new SampleGroup(coveredPart, outcome.visited())
                        : new SampleGroup(outcome.visited(), outcome.reclaimed()));
        if (!source.isReplica()) {
            visits.add(new SampleGroup(coveredPart, outcome.visited()));
        }
        living.add(source.takeTally(), source.isReplica() ? coveredPart : outcome.visited(), /* scale= */ 1);
    }

    /** Returns whether the sample can end: the interval is narrow enough, or a limit for calls or keys is reached. */
    private boolean isLargeEnough() {
        double coveredKeys = covered * keys;
        if (groups.size() >= maxCalls || coveredKeys >= Math.max(MAX_SAMPLED_PART * keys, MIN_KEYS)) {
            return true;
        }
        return coveredKeys >= MIN_COVERED_KEYS && isNarrowEnough(backlog(), keys);
    }

    /**
     * Returns the smallest half width of the interval on a primary, in keys. If all groups have the same share of
     * dead keys, for example 0, the calculated error is 0. But the sample may have missed a few keys of the other kind
     * (dead or live). By the rule of three, these are up to 3 among as many keys as were visited. On a replica the
     * result is 0, since groups there always differ in their live keys.
     */
    private double halfWidthOfUnmetKeys() {
        return source.isReplica() || visited == 0 ? 0 : KeySample.RULE_OF_THREE / visited * Math.max(0, keys - visited);
    }

    /** Estimates, on a primary, how many keys of DBSIZE a scan of the whole table would neither return nor remove. */
    private Amount missing() {
        if (source.isReplica()) {
            return Amount.NONE;
        }
        RatioEstimate visitsOfTable = RatioEstimate.of(visits, covered);
        return new Amount(keys - visitsOfTable.ratio(), visitsOfTable.halfWidth());
    }

    /** Returns the estimate from the groups so far. */
    private Backlog backlog() {
        // On a replica the ratio is live keys per whole table; on a primary it is dead keys per key.
        RatioEstimate estimate = RatioEstimate.of(groups, covered);
        double dead = source.isReplica() ? keys - estimate.ratio() : estimate.ratio() * keys;
        double halfWidth = Math.max(estimate.halfWidth() * (source.isReplica() ? 1 : keys), halfWidthOfUnmetKeys());
        long coveredKeys = source.isReplica() ? Math.round(covered * keys) : visited;
        return new Backlog(dead, halfWidth, coveredKeys, groups.size(), reclaimed, missing(), KeyCells.NONE);
    }
}
