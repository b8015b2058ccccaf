package io.keysweep.cli.sweep;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.SizeConverter;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of the server a sweep may take. */
final class PaceOptions {

    /** Named policies, from kind to fast. */
    enum Profile {
        GENTLE,
        BALANCED,
        FULL;

        private PacePolicy policy() {
            return switch (this) {
                case GENTLE -> PacePolicy.GENTLE;
                case BALANCED -> PacePolicy.BALANCED;
                case FULL -> PacePolicy.FULL;
            };
        }
    }

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "GENTLE",
            description = {
                "gentle: 1 ms a step, a quarter of the server's time (default)",
                "balanced: 2 ms a step, half of its time",
                "full: 4 ms for four steps together, all of its time"
            })
    private Profile profile = Profile.GENTLE;

    @Option(
            names = "--stall-budget",
            paramLabel = "MILLIS",
            description = "longest time one step may keep the server busy; overrides the profile's")
    private @Nullable BigDecimal stallBudgetMillis;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            description = "largest share of the server's time, above 0 up to 1; overrides the profile's")
    private @Nullable Double share;

    @Option(
            names = "--max-rate",
            paramLabel = "KEYS",
            description = "most keys visited a second. Default: no such limit")
    private @Nullable Long maxRate;

    @Option(
            names = "--max-latency",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "hold while callers wait longer than this for the server, for example 100ms; slows down well"
                    + " before. Default: 200ms (balanced 400ms, full 1s)")
    private @Nullable Duration maxLatency;

    @Option(
            names = "--max-replica-lag",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "hold while a replica is farther behind than this, for example 64mb; slows down well before."
                    + " Default: 48mb")
    private @Nullable Long maxReplicaLag;

    @Option(
            names = "--max-evictions",
            paramLabel = "KEYS",
            description = "hold while the server evicts more keys a second than this; slows down from half of it on."
                    + " Default: never, as a sweep frees memory")
    private @Nullable Long maxEvictions;

    /** The policy that the options make together. */
    PacePolicy policy() {
        PacePolicy base = profile.policy();
        try {
            return new PacePolicy(
                    stallBudgetMillis == null ? base.stallBudget() : stallBudget(stallBudgetMillis),
                    share == null ? base.shareCeiling() : share,
                    maxRate == null ? base.rateCeiling() : OptionalLong.of(maxRate),
                    limits(base.limits()));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, wordedAsOptions(e), e);
        }
    }

    private Limits limits(Limits base) {
        Limits limits = base;
        if (maxLatency != null) {
            limits = limits.withHard(Signal.LATENCY, maxLatency.toNanos() / 1e6);
        }
        if (maxReplicaLag != null) {
            limits = limits.withHard(Signal.REPLICA_LAG, maxReplicaLag);
        }
        if (maxEvictions != null) {
            limits = limits.withHard(Signal.EVICTIONS, maxEvictions);
        }
        return limits;
    }

    private static Duration stallBudget(BigDecimal millis) {
        // Past any limit, yet within what a duration holds: the policy is to say what is wrong.
        BigDecimal withinRange = millis.min(BigDecimal.valueOf(100_000)).max(BigDecimal.valueOf(-100_000));
        return Duration.ofNanos(withinRange.movePointRight(6).longValue());
    }

    private static String wordedAsOptions(IllegalArgumentException e) {
        return String.valueOf(e.getMessage())
                .replace("stallBudget", "--stall-budget")
                .replace("shareCeiling", "--share")
                .replace("rateCeiling", "--max-rate")
                .replace("evictions", "--max-evictions");
    }
}
