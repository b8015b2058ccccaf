package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plan says when the next pass begins and which share it gets, so that the backlog stays under a target at the lowest
 * cost. Without side effects.
 *
 * <p>The rate at which keys expire follows from the exact counts of earlier passes: the keys that a pass reclaimed have
 * expired since the pass before. Every pass cleans each part of the key space once. With a wait R before a pass of
 * length T, the backlog is highest when the pass begins, at rate × (R + T / 2).
 *
 * <p>The work of a pass hardly depends on its pace. Of all plans that keep the same backlog, a slow pass without a wait
 * therefore costs the least. The plan lowers the share first, and waits between passes only if the lowest share is
 * still more than the target needs.
 *
 * @param share the share of the server's time that the pass may take, above 0 to 1
 * @param notBefore when the pass begins
 * @param expected the number of dead keys expected at the highest point
 * @param reason the reason for users
 */
record PassPlan(double share, Instant notBefore, long expected, String reason) {

    /**
     * The lowest share of a plan. With a lower one, a pass would take so long that a growing inflow is noticed too
     * late.
     */
    static final double MIN_SHARE = 0.02;

    /** The part of the target that a plan aims at. The distance to the target absorbs changes of the inflow. */
    private static final double TARGET_PART = 0.75;

    /**
     * The largest factor between the shares of two passes, so that one unusual pass does not lead to a more unusual
     * one.
     */
    private static final double MAX_SHARE_CHANGE = 4;

    private static final Duration MAX_WAIT = Duration.ofHours(1);

    /** The shortest time that a calculation divides by. */
    private static final double MIN_SECONDS = 0.001;

    /**
     * Plans the next pass.
     *
     * @param passes the earlier passes, the latest first; three are enough
     * @param target the most dead keys that the instance should have
     * @param maxShare the largest share that a pass may take
     * @param now when the pass begins if nothing is known about the inflow
     */
    static PassPlan next(List<Pass> passes, long target, double maxShare, Instant now) {
        List<Pass> recent = consecutive(passes, now);
        if (recent.size() < 2) {
            // The inflow follows from two passes. The first one reclaims a backlog of unknown age.
            String reason = "backlog target of " + target + " keys: this pass measures how fast keys expire";
            return new PassPlan(maxShare, now, target, reason);
        }
        return next(recent, target, maxShare);
    }

    /**
     * Returns the passes that followed one another. A pass after a long break reclaims old keys, not the present
     * inflow.
     */
    private static List<Pass> consecutive(List<Pass> passes, Instant now) {
        List<Pass> consecutive = new ArrayList<>();
        Instant next = now;
        for (Pass pass : passes) {
            if (pass.finishedAt().plus(MAX_WAIT.multipliedBy(2)).isBefore(next)) {
                break;
            }
            consecutive.add(pass);
            next = pass.startedAt();
        }
        return consecutive;
    }

    private static PassPlan next(List<Pass> passes, long target, double maxShare) {
        Pass last = passes.getFirst();
        double inflow = inflow(passes);
        double work = Math.max(seconds(last.length()), MIN_SECONDS) * last.share();
        double secondsToTarget = inflow == 0 ? Double.MAX_VALUE : TARGET_PART * target / inflow;
        double minShare = Math.min(MIN_SHARE, maxShare);
        double nextShare = Math.clamp(
                work / (2 * secondsToTarget), last.share() / MAX_SHARE_CHANGE, last.share() * MAX_SHARE_CHANGE);
        double share = Math.clamp(nextShare, minShare, maxShare);
        double length = work / share;
        double wait = Math.clamp(secondsToTarget - length / 2, 0, (double) MAX_WAIT.toSeconds());
        long expected = Math.round(inflow * (wait + length / 2));
        return new PassPlan(
                share,
                last.finishedAt().plusMillis(Math.round(wait * 1000)),
                expected,
                String.format(
                        Locale.ROOT,
                        "backlog target of %d keys: %.1f keys expire a second, so %.1f %% of the server's time and %.0f s"
                                + " between passes keep about %d dead keys%s",
                        target,
                        inflow,
                        share * 100,
                        wait,
                        expected,
                        expected > target ? ", which is more than the target: the pace allows no more" : ""));
    }

    /** Returns the keys that expire in a second: the higher rate of the last two passes. */
    private static double inflow(List<Pass> passes) {
        double highest = 0;
        for (int i = 0; i < Math.min(2, passes.size() - 1); i++) {
            // From the middle of one pass to the middle of the next: on average, a key had that long to expire.
            Duration period =
                    Duration.between(passes.get(i + 1).middle(), passes.get(i).middle());
            highest = Math.max(highest, passes.get(i).reclaimed() / Math.max(seconds(period), MIN_SECONDS));
        }
        return highest;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
