package io.keysweep.engine.insight;

/**
 * Calculates how fast a server's own expiry cycle removes dead keys, from its settings and the share of dead keys.
 *
 * <p>Dead keys have expired and still hold memory. The cycle runs {@code hz} times per second. It samples some keys
 * with a TTL and removes the dead ones among them. If a sample has more dead keys than the server tolerates, the cycle
 * takes another sample immediately. It stops when a sample has few enough dead keys, or when its time is used up.
 *
 * <p>The number of dead keys in a sample has a binomial distribution. If p is the probability that a sample has few
 * enough dead keys, a cycle takes 1 / p samples on average. Example: with the defaults, a sample has 20 keys and 2 dead
 * ones are tolerated. If 9 % of the keys with a TTL are dead, the server removes about 25 keys per second. With 33 %
 * dead it removes about 3,500, and with 80 % dead as many as its time allows.
 *
 * <p>From Redis 6.0 on, the cycle goes through the keys with a TTL in the order of their hash table. The keys that it
 * checks next are the ones that it has not checked for the longest time. So while keys die evenly, twice as many of
 * them are dead as on average: see {@link #steadyBacklog}.
 *
 * <p>The model fits measurements on Redis 7.0, 8.0 and Valkey 9 within a factor of three. It treats all databases as
 * one. {@link ExpiryForecast} and the advice use it.
 *
 * @param hz the number of cycles per second
 * @param effort the setting {@code active-expire-effort}, 1 to 10; 1 for a server without the setting
 * @param sampleKeys the number of keys in a sample
 * @param toleratedDead the number of dead keys in a sample at which the cycle stops
 * @param inOrder whether the cycle checks the keys in the order of their hash table; false if it picks them at random
 */
public record ExpiryCycle(int hz, int effort, int sampleKeys, int toleratedDead, boolean inOrder) {

    /** The default of the setting {@code hz}, which is assumed if the server does not report its value. */
    public static final int DEFAULT_HZ = 10;

    /** The largest {@code active-expire-effort}. */
    public static final int MAX_EFFORT = 10;

    /** The main thread's time in seconds to check a live key of a sample. */
    private static final double LIVING_KEY_SECONDS = 0.3e-6;

    /** The main thread's time in seconds to remove a dead key with a small value. */
    private static final double DEAD_KEY_SECONDS = 1.2e-6;

    /** The part of the main thread's time that a cycle may take at effort 1. */
    private static final double BASE_TIME_SHARE = 0.25;

    /** The part of the main thread's time that each level of effort above 1 adds. */
    private static final double TIME_SHARE_PER_EFFORT = 0.02;

    /**
     * The longest time of a fast cycle at effort 1, in ms. Fast cycles run between the slow ones while many keys are
     * dead.
     */
    private static final double BASE_FAST_MILLIS = 1;

    /** The time that each level of effort above 1 adds to a fast cycle, in ms. */
    private static final double FAST_MILLIS_PER_EFFORT = 0.25;

    /** The number of equal substeps into which {@link #backlogAfter} divides a period. */
    private static final int SUBSTEPS = 40;

    /**
     * The largest part of a backlog for which a removal does not change the rate much. A larger removal is calculated
     * with the rate at the end of the substep.
     */
    private static final double SMALL_REMOVED_PART = 0.01;

    /** The precision of the backlog at the end of a substep, as a part of the backlog at its beginning. */
    private static final double BACKLOG_PRECISION = 1e-5;

    /** The largest error of the backlog at the end of a substep that never matters, in keys. */
    private static final double BACKLOG_PRECISION_KEYS = 0.01;

    /** The largest share of dead keys among the keys with a TTL that {@link #steadyBacklog} considers. */
    private static final double MAX_DEAD_SHARE = 0.999;

    /** The precision of the share of dead keys that {@link #steadyBacklog} finds. */
    private static final double DEAD_SHARE_PRECISION = 1e-6;

    /**
     * Describes a period in which keys die evenly.
     *
     * @param dying the number of keys that die in the period and that no client removes by reading them
     * @param livingBefore the number of live keys with a TTL at the beginning
     * @param livingAfter the number of live keys with a TTL at the end. It is lower by the keys that have died, unless
     *     other keys were written in the meantime
     * @param seconds the length of the period in seconds
     */
    public record Period(double dying, double livingBefore, double livingAfter, double seconds) {}

    /**
     * Returns the model of a server with the setting {@code active-expire-effort}, which Redis has from 6.0 on.
     *
     * @param hz the number of cycles per second, at least 1
     * @param effort 1 to 10
     */
    public static ExpiryCycle withEffort(int hz, int effort) {
        int allowedEffort = Math.clamp(effort, 1, MAX_EFFORT);
        // Effort 1 has samples of 20 keys and tolerates 10 %. Each further effort adds 5 keys and lowers the percentage
        // by 1.
        int effortsAboveOne = allowedEffort - 1;
        int sample = 20 + 5 * effortsAboveOne;
        int toleratedPercent = 10 - effortsAboveOne;
        // The server compares whole percents: it continues if dead × 100 / sample is above the limit.
        int toleratedKeys = 0;
        while ((toleratedKeys + 1) * 100 / sample <= toleratedPercent) {
            toleratedKeys++;
        }
        return new ExpiryCycle(Math.max(1, hz), allowedEffort, sample, toleratedKeys, /* inOrder= */ true);
    }

    /**
     * Returns the model of a server without the setting {@code active-expire-effort}. Its cycle stops when at most 5 of
     * 20 sampled keys are dead.
     */
    public static ExpiryCycle withoutEffort(int hz) {
        return new ExpiryCycle(
                Math.max(1, hz), /* effort= */ 1, /* sampleKeys= */ 20, /* toleratedDead= */ 5, /* inOrder= */ false);
    }

    /**
     * Returns the longest time for which one cycle keeps the main thread busy, in ms. A slow cycle, of which there are
     * {@code hz} in a second, ends after a part of its period. A fast cycle has a fixed limit. Example: at {@code hz}
     * 10, a slow cycle takes up to 25 ms at effort 1, and up to 43 ms at effort 10. To free a large value can take
     * longer.
     */
    public double longestPauseMillis() {
        return Math.max(timeShare() / hz * 1000, BASE_FAST_MILLIS + FAST_MILLIS_PER_EFFORT * (effort - 1));
    }

    /** Returns the part of the main thread's time that slow cycles may take. */
    private double timeShare() {
        return BASE_TIME_SHARE + TIME_SHARE_PER_EFFORT * (effort - 1);
    }

    /**
     * Returns the number of dead keys that the cycle removes in a second.
     *
     * @param deadShare the dead part of all keys with a TTL, 0 to 1
     */
    public double removedPerSecond(double deadShare) {
        return hz * samplesPerCycle(deadShare) * sampleKeys * deadShare;
    }

    /**
     * Returns the part of the main thread's time that the cycle takes, 0 to 1.
     *
     * @param deadShare the dead part of all keys with a TTL, 0 to 1
     */
    public double serverShare(double deadShare) {
        return hz * samplesPerCycle(deadShare) * sampleSeconds(deadShare);
    }

    /** Returns how many samples a cycle takes on average, limited by its time; at least 1. */
    private double samplesPerCycle(double deadShare) {
        double timeLimit = timeShare() / hz;
        return Math.min(1 / stopProbability(deadShare), Math.max(1, timeLimit / sampleSeconds(deadShare)));
    }

    /** Returns the main thread's time in seconds for one sample. */
    private double sampleSeconds(double deadShare) {
        return sampleKeys * (deadShare * DEAD_KEY_SECONDS + (1 - deadShare) * LIVING_KEY_SECONDS);
    }

    /** Returns the probability that a sample has no more dead keys than tolerated, above 0. */
    private double stopProbability(double deadShare) {
        if (deadShare >= 1) {
            return Double.MIN_NORMAL;
        }
        double term = Math.pow(1 - deadShare, sampleKeys);
        double sum = term;
        for (int dead = 1; dead <= toleratedDead; dead++) {
            term *= (sampleKeys - dead + 1) / (double) dead * deadShare / (1 - deadShare);
            sum += term;
        }
        return Math.max(Double.MIN_NORMAL, Math.min(1, sum));
    }

    /**
     * Returns the backlog, which is the number of dead keys, after a period in which keys die evenly.
     *
     * <p>The rate of removal depends on the dead part of the keys with a TTL: it grows while dead keys accumulate, and
     * also while live keys become fewer. So the time is divided into substeps.
     *
     * @param backlog the number of dead keys at the beginning
     * @param efficiency the part of the expected keys that the server really removes, 0 to 1
     */
    public double backlogAfter(double backlog, Period period, double efficiency) {
        double removingSeconds = efficiency * period.seconds() / SUBSTEPS;
        double livingChange = period.livingAfter() - period.livingBefore();
        double dead = backlog;
        for (int i = 1; i <= SUBSTEPS; i++) {
            double living = period.livingBefore() + livingChange * i / SUBSTEPS;
            dead = leftAfter(removingSeconds, dead + period.dying() / SUBSTEPS, living);
        }
        return dead;
    }

    /**
     * Returns how many of the dead keys are left after a short time.
     *
     * <p>If the server removes many of them, the result is the number x for which x plus the keys that are removed at
     * the rate of x is the number of dead keys. The rate of the beginning would be too high: the calculated backlog
     * would fall to 0 and rise again from one substep to the next.
     */
    private double leftAfter(double seconds, double dead, double living) {
        if (dead <= 0) {
            return 0;
        }
        double removed = seconds * removedPerSecond(dead / (dead + living));
        if (removed <= SMALL_REMOVED_PART * dead) {
            return dead - removed;
        }
        double low = 0;
        double high = dead;
        while (high - low > Math.max(BACKLOG_PRECISION_KEYS, BACKLOG_PRECISION * dead)) {
            double middle = (low + high) / 2;
            if (middle + seconds * removedPerSecond(middle / (middle + living)) < dead) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Returns the backlog at which the server removes as many keys as die, so that the backlog stays the same. The
     * backlog is infinite if the server never keeps up.
     *
     * <p>The rate of removal depends on the dead part of the keys that the cycle checks now. If it checks the keys in
     * order, it has left those keys alone for as long as it takes to check all keys, and the average key for half of
     * that time. So the backlog is half of what it would be if all keys were like the ones that it checks now.
     *
     * @param inflowPerSecond the number of keys that die in a second and that no client removes by reading them
     * @param living the number of live keys with a TTL
     */
    public double steadyBacklog(double inflowPerSecond, double living) {
        if (inflowPerSecond <= 0 || living <= 0) {
            return 0;
        }
        double low = 0;
        double high = MAX_DEAD_SHARE;
        if (removedPerSecond(high) < inflowPerSecond) {
            return Double.POSITIVE_INFINITY;
        }
        // The rate of removal grows with the share of dead keys, so halving the range finds the share.
        while (high - low > DEAD_SHARE_PRECISION) {
            double middle = (low + high) / 2;
            if (removedPerSecond(middle) < inflowPerSecond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high / (1 - high) * living / (inOrder ? 2 : 1);
    }

    /**
     * Returns the time in seconds after which the cycle has checked each key with a TTL, so that it has removed all
     * keys that were dead at the beginning. The time is infinite if the cycle picks keys at random.
     *
     * @param backlog the number of dead keys
     * @param living the number of live keys with a TTL
     */
    public double secondsToCheckAll(double backlog, double living) {
        double keys = backlog + living;
        if (!inOrder || Double.isInfinite(keys)) {
            return Double.POSITIVE_INFINITY;
        }
        return keys == 0 ? 0 : keys / (hz * samplesPerCycle(backlog / keys) * sampleKeys);
    }
}
