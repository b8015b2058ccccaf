package io.keysweep.server.autoscan;

import io.keysweep.api.text.Amounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Says when the next pass of an instance begins and which share of the server's time the pass gets.
 *
 * <p>{@link BacklogStarter} makes a plan for each instance with a backlog target. The aim of a plan is a backlog below
 * the target at the lowest cost. In this class, these words mean:
 *
 * <ul>
 *   <li>A pass is a scan that visits all keys. The plan is for a pass that keeps the backlog below the target. The
 *       earlier passes are the last successful scans, also those with another cause, see {@link Pass}.
 *   <li>The backlog is the number of dead keys: expired keys that still hold memory.
 *   <li>The share is the part of the time of the server's main thread that a pass may take, 0 to 1.
 * </ul>
 *
 * <p>The rate at which keys expire follows from the counts of earlier passes, because a pass reclaims the keys that
 * have expired since the previous pass. With a wait R before a pass of length T, the backlog is highest when the pass
 * begins: it is then rate × (R + T / 2). For example, let 100 keys expire per second, and let a pass take 60 s. Without
 * a wait, the backlog is 3,000 keys at most; with a wait of 60 s, it is 9,000.
 *
 * <p>The work of a pass hardly depends on its pace, but a lower share disturbs clients less. Among all plans with the
 * same backlog, a slow pass without a wait is therefore the best. The plan lowers the share first. It waits between
 * passes only if even the lowest share is more than the target needs.
 *
 * <p>Even if no keys expire, a pass begins after a wait, to notice a backlog that appears suddenly. With that wait,
 * passes take a thousandth of the server's time; but it is at least 10 minutes and at most 1 hour. For example, if a
 * pass takes 1.5 s of the server's time, the wait is about 25 minutes.
 *
 * @param share the part of the server's time that the pass may take, above 0 to 1
 * @param notBefore when the pass begins; if this is in the past, the pass is due now
 * @param expected the expected number of dead keys when the backlog is highest; the target while the rate is not known
 * @param reason why the plan has these values, as a sentence for users
 */
record PassPlan(double share, Instant notBefore, long expected, String reason) {

    /**
     * The lowest share of a plan. With a lower share, a pass would take so long that a faster expiry is noticed too
     * late.
     */
    static final double MIN_SHARE = 0.02;

    /** The part of the target that a plan aims at. The rest is a reserve for times when keys expire faster. */
    private static final double TARGET_PART = 0.75;

    /** The largest factor between the shares of two passes. It limits the effect of one unusual pass. */
    private static final double MAX_SHARE_FACTOR = 4;

    /**
     * The share of the server's time that passes take while no keys expire. Without such passes, nobody would find out
     * that keys begin to expire again.
     */
    private static final double IDLE_SHARE = 0.001;

    /**
     * The smallest value that the longest wait between two passes can have. Passes over few keys take little time, and
     * would otherwise follow one another so fast that they fill the list of scans.
     */
    private static final Duration MIN_LONGEST_WAIT = Duration.ofMinutes(10);

    /** The longest wait between two passes, however many keys an instance has. */
    private static final Duration MAX_WAIT = Duration.ofHours(1);

    /** The longest time between two passes that are still treated as following one another. */
    private static final Duration MAX_BREAK = MAX_WAIT.multipliedBy(2);

    /** The shortest time in seconds that a calculation uses, so that none divides by zero. */
    private static final double MIN_SECONDS = 0.001;

    /**
     * Plans the next pass.
     *
     * @param passes the earlier passes, the latest first; the plan uses three at most
     * @param target the largest backlog that the instance should have
     * @param maxShare the largest share that the pass may take
     * @param now the current time; the pass begins now if the rate at which keys expire is not known yet
     */
    static PassPlan next(List<Pass> passes, long target, double maxShare, Instant now) {
        List<Pass> recentPasses = consecutivePasses(passes, now);
        if (recentPasses.size() < 2) {
            // The rate follows from two passes. The first one also reclaims keys that have been dead for an unknown
            // time.
            String reason =
                    "backlog target of " + Amounts.count(target, "key") + ": this pass measures how fast keys expire";
            return new PassPlan(maxShare, now, target, reason);
        }
        return fromMeasuredRate(recentPasses, target, maxShare);
    }

    /**
     * Returns the latest passes that followed one another without a long break. A pass after a long break reclaims old
     * keys, so its count says nothing about the current rate.
     */
    private static List<Pass> consecutivePasses(List<Pass> passes, Instant now) {
        List<Pass> latestPasses = new ArrayList<>();
        Instant laterStart = now;
        for (Pass pass : passes) {
            if (pass.finishedAt().plus(MAX_BREAK).isBefore(laterStart)) {
                break;
            }
            latestPasses.add(pass);
            laterStart = pass.startedAt();
        }
        return latestPasses;
    }

    /**
     * Plans a pass by the rate at which keys expire.
     *
     * @param passes at least two passes that followed one another, the latest first
     */
    private static PassPlan fromMeasuredRate(List<Pass> passes, long target, double maxShare) {
        // First, read the measurements of the earlier passes.
        Pass lastPass = passes.getFirst();
        double expiriesPerSecond = expiriesPerSecond(passes);
        // The time in which as many keys expire as the plan allows: TARGET_PART of the target.
        double secondsToTarget = expiriesPerSecond == 0 ? Double.MAX_VALUE : TARGET_PART * target / expiriesPerSecond;
        // The time that a pass takes at share 1. A pass at another share takes this time / share.
        double fullShareSeconds = Math.max(seconds(lastPass.length()), MIN_SECONDS) * lastPass.share();

        // Second, choose the share, and after it the wait. The wait is 0 unless the pass is faster than the target
        // needs. When a pass begins, the previous one visited its first keys a wait and a pass ago, and its last keys a
        // wait ago. So the last visit of a key was, on average, the wait and half of a pass ago.
        double share = nextShare(fullShareSeconds, secondsToTarget, lastPass.share(), maxShare);
        double lengthSeconds = fullShareSeconds / share;
        double waitSeconds =
                Math.clamp(secondsToTarget - lengthSeconds / 2, 0, maxWaitSeconds(fullShareSeconds, lengthSeconds));
        long expectedBacklog = Math.round(expiriesPerSecond * (waitSeconds + lengthSeconds / 2));
        return new PassPlan(
                share,
                lastPass.finishedAt().plusMillis(Math.round(waitSeconds * 1000)),
                expectedBacklog,
                String.format(
                        Locale.ROOT,
                        "backlog target of %d keys: %.1f keys expire a second, so %.1f %% of the server's time and"
                                + " %.0f s between passes keep about %d dead keys%s",
                        target,
                        expiriesPerSecond,
                        share * 100,
                        waitSeconds,
                        expectedBacklog,
                        expectedBacklog > target
                                ? ", which is more than the target: " + shareLimitReason(share, maxShare)
                                : ""));
    }

    /**
     * Returns the longest wait between passes. It lets passes take {@link #IDLE_SHARE} of the server's time, but is at
     * least {@link #MIN_LONGEST_WAIT} and at most {@link #MAX_WAIT}.
     */
    private static double maxWaitSeconds(double fullShareSeconds, double lengthSeconds) {
        return Math.clamp(fullShareSeconds / IDLE_SHARE - lengthSeconds, (double) MIN_LONGEST_WAIT.toSeconds(), (double)
                MAX_WAIT.toSeconds());
    }

    /** Returns why a pass gets no higher share, although a higher share would lower the backlog. */
    private static String shareLimitReason(double share, double maxShare) {
        return share < maxShare
                ? String.format(Locale.ROOT, "a pass may take %.0f times the share of the last one", MAX_SHARE_FACTOR)
                : "the pace allows no more";
    }

    /**
     * Returns the share of the next pass. A pass of length T without a wait before it leads to a backlog of rate × T /
     * 2. The share makes T so long that this backlog is the one at which the plan aims. Three bounds apply: the share
     * changes at most by the {@link #MAX_SHARE_FACTOR}, is at least {@link #MIN_SHARE}, and never above {@code
     * maxShare}.
     *
     * @param fullShareSeconds the time in seconds that a pass takes at share 1
     * @param secondsToTarget the time in seconds in which as many keys expire as the plan allows
     * @param lastShare the share of the last pass
     * @param maxShare the largest share that the pass may take
     */
    private static double nextShare(
            double fullShareSeconds, double secondsToTarget, double lastShare, double maxShare) {
        double sufficientShare = fullShareSeconds / (2 * secondsToTarget);
        double steadyShare = Math.clamp(sufficientShare, lastShare / MAX_SHARE_FACTOR, lastShare * MAX_SHARE_FACTOR);
        // The largest share of the settings can be below the lowest share of a plan.
        return Math.clamp(steadyShare, Math.min(MIN_SHARE, maxShare), maxShare);
    }

    /**
     * Returns how many keys expire per second, by the higher rate of the last two passes. A rate that is too high only
     * costs time of the server, but a rate that is too low lets the backlog exceed its target. With only two passes
     * there is one rate.
     */
    private static double expiriesPerSecond(List<Pass> passes) {
        double highestRate = 0;
        for (int i = 0; i < Math.min(2, passes.size() - 1); i++) {
            // The time from the middle of one pass to the middle of the next is the mean time between two visits of a
            // key. The keys that the later pass has reclaimed have expired in that time.
            Duration period =
                    Duration.between(passes.get(i + 1).middle(), passes.get(i).middle());
            highestRate = Math.max(highestRate, passes.get(i).reclaimed() / Math.max(seconds(period), MIN_SECONDS));
        }
        return highestRate;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
