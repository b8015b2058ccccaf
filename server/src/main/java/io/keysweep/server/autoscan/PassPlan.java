package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When the next pass is to begin and how hard it is to work, so that the backlog stays under a target at the least cost.
 * Pure.
 *
 * <p>Keys die at a rate that the exact counts of the passes tell: what a pass reclaimed came since the one before. Every
 * part of the key space is cleaned once a pass, so with the rest R before a pass of the length T the backlog is highest as
 * it begins, at rate × (R + T / 2). As the work of a pass hardly depends on its pace, a slow pass without rest costs the
 * least of all that keep the same backlog; what it takes is the lowest share, and only below that it rests.
 *
 * @param share the share of the server's time that the pass may have, above 0 to 1
 * @param notBefore when it is to begin
 * @param expected how many dead keys there should be then at most
 * @param reason how it came about, for people
 */
record PassPlan(double share, Instant notBefore, long expected, String reason) {

    /** Below it a pass would be so long that an inflow that grows is seen too late. */
    static final double LOWEST_SHARE = 0.02;

    /** The inflow is not steady, so the aim lies below the target. */
    private static final double AIM = 0.75;

    /** One odd pass does not make the next one odder. */
    private static final double MOST_CHANGE = 4;

    private static final Duration LONGEST_REST = Duration.ofHours(1);

    /** What counts as no time at all. */
    private static final double SHORTEST_SECONDS = 0.001;

    /**
     * Plans the next pass.
     *
     * @param passes those before, the latest first; more than three are of no use
     * @param target most dead keys that there should be
     * @param highestShare what a pass may have at most
     * @param now when it begins if nothing speaks against it
     */
    static PassPlan next(List<Pass> passes, long target, double highestShare, Instant now) {
        List<Pass> recent = unbroken(passes, now);
        if (recent.size() < 2) {
            // How fast keys die is seen from two passes; the first only takes away what lay there before.
            String reason = "backlog target of " + target + " keys: a pass to find out how fast keys die";
            return new PassPlan(highestShare, now, target, reason);
        }
        return next(recent, target, highestShare);
    }

    /** Those that followed one another; what reclaimed a backlog of days says nothing about the inflow now. */
    private static List<Pass> unbroken(List<Pass> passes, Instant now) {
        List<Pass> unbroken = new ArrayList<>();
        Instant next = now;
        for (Pass pass : passes) {
            if (pass.finishedAt().plus(LONGEST_REST.multipliedBy(2)).isBefore(next)) {
                break;
            }
            unbroken.add(pass);
            next = pass.startedAt();
        }
        return unbroken;
    }

    private static PassPlan next(List<Pass> passes, long target, double highestShare) {
        Pass last = passes.getFirst();
        double inflow = inflow(passes);
        double work = Math.max(seconds(last.length()), SHORTEST_SECONDS) * last.share();
        double seconds = inflow == 0 ? Double.MAX_VALUE : AIM * target / inflow;
        double lowest = Math.min(LOWEST_SHARE, highestShare);
        double wanted = Math.clamp(work / (2 * seconds), last.share() / MOST_CHANGE, last.share() * MOST_CHANGE);
        double share = Math.clamp(wanted, lowest, highestShare);
        double length = work / share;
        double rest = Math.clamp(seconds - length / 2, 0, (double) LONGEST_REST.toSeconds());
        long expected = Math.round(inflow * (rest + length / 2));
        return new PassPlan(
                share,
                last.finishedAt().plusMillis(Math.round(rest * 1000)),
                expected,
                String.format(
                        Locale.ROOT,
                        "backlog target of %d keys: %.1f keys a second die, so %.1f %% of the server's time and %.0f s of rest"
                                + " keep about %d%s",
                        target,
                        inflow,
                        share * 100,
                        rest,
                        expected,
                        expected > target ? ", which is more than the target: the pace allows no more" : ""));
    }

    /** Keys that die a second, by the busier one of the last two passes. */
    private static double inflow(List<Pass> passes) {
        double highest = 0;
        for (int i = 0; i < Math.min(2, passes.size() - 1); i++) {
            // From the middle of one to the middle of the other: that is how long a key had to die, in the mean.
            Duration period =
                    Duration.between(passes.get(i + 1).middle(), passes.get(i).middle());
            highest = Math.max(highest, passes.get(i).reclaimed() / Math.max(seconds(period), SHORTEST_SECONDS));
        }
        return highest;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
