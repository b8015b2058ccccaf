package io.keysweep.server.control;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Contains the ceilings that one owner (a project, an instance or a tag) has set for scans; null where it has set none.
 *
 * <p>A ceiling is the highest pace that its owner allows, or another limit that scans must keep. A sweep that holds
 * sends no steps (calls that visit keys) for a while.
 *
 * @param maxProfile highest profile that scans may choose; its stall budget (the longest time of one step), share and
 *     thresholds of load are ceilings as well
 * @param maxShare largest share of the time of the server's main thread, above 0 up to 1
 * @param maxRate maximum number of keys visited per second
 * @param namesStay whether key names must never leave the server
 * @param maxLatencyMs latency in milliseconds above which a sweep holds
 * @param maxReplicaLag bytes by which a replica may be behind before a sweep holds
 * @param maxEvictions keys that the server may evict per second before a sweep holds
 * @param assist false to forbid assist (raising settings of the servers); true to allow assist for instances that leave
 *     the decision to their ceilings
 */
public record CeilingValues(
        @Nullable Profile maxProfile,
        @Nullable Double maxShare,
        @Nullable Long maxRate,
        boolean namesStay,
        @Nullable Double maxLatencyMs,
        @Nullable Long maxReplicaLag,
        @Nullable Long maxEvictions,
        @Nullable Boolean assist) {

    /** Returns a pace with each part lowered to its ceiling, where the part is above that ceiling. */
    PacePolicy lower(PacePolicy pace) {
        PacePolicy withinProfile = maxProfile == null ? pace : lowerToProfile(pace, maxProfile.pace());
        double share =
                maxShare == null ? withinProfile.shareCeiling() : Math.min(maxShare, withinProfile.shareCeiling());
        OptionalLong rate = withinProfile.rateCeiling();
        if (maxRate != null && (rate.isEmpty() || rate.getAsLong() > maxRate)) {
            rate = OptionalLong.of(maxRate);
        }
        return new PacePolicy(withinProfile.stallBudget(), share, rate, lowerLimits(withinProfile.limits()));
    }

    /** Returns the ceilings that remain after an approval, which lifts the ceilings of profile, share and rate. */
    CeilingValues withoutPace() {
        return new CeilingValues(
                /* maxProfile= */ null,
                /* maxShare= */ null,
                /* maxRate= */ null,
                namesStay,
                maxLatencyMs,
                maxReplicaLag,
                maxEvictions,
                assist);
    }

    /** Lowers each part of a pace to the part of a profile, except the rate ceiling, which profiles do not have. */
    private static PacePolicy lowerToProfile(PacePolicy pace, PacePolicy ceiling) {
        Duration stallBudget =
                pace.stallBudget().compareTo(ceiling.stallBudget()) > 0 ? ceiling.stallBudget() : pace.stallBudget();
        return new PacePolicy(
                stallBudget,
                Math.min(pace.shareCeiling(), ceiling.shareCeiling()),
                pace.rateCeiling(),
                pace.limits().tightenedTo(ceiling.limits()));
    }

    /** Lowers the thresholds of load, at which a sweep holds, to the ceilings of latency, replica lag and evictions. */
    private Limits lowerLimits(Limits limits) {
        Limits loweredLimits = lowerHard(limits, Signal.LATENCY, maxLatencyMs);
        loweredLimits = lowerHard(loweredLimits, Signal.REPLICA_LAG, maxReplicaLag);
        return lowerHard(loweredLimits, Signal.EVICTIONS, maxEvictions);
    }

    /**
     * Lowers the hard threshold of a signal, above which a sweep holds. The other two thresholds can be lowered with
     * it, see {@link Limits#withHard}.
     */
    private static Limits lowerHard(Limits limits, Signal signal, @Nullable Number maxHard) {
        return maxHard == null || limits.of(signal).hard() <= maxHard.doubleValue()
                ? limits
                : limits.withHard(signal, maxHard.doubleValue());
    }
}
