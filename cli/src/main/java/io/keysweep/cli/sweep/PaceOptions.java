package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.PaceProfile;
import io.keysweep.cli.shell.SizeConverter;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the options of {@code keysweep sweep} for its pace, and for the limits at which it slows down or stops for a
 * time.
 *
 * <p>A sweep consists of steps, each a SCAN or script call that keeps the server busy. The pace is the longest time of
 * a step (stall budget), the share of the server's time for all steps, and a maximum rate.
 */
final class PaceOptions {

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "GENTLE",
            description = {
                "gentle: steps of 0.5 ms, a quarter of the server's time (default)",
                "balanced: steps of 2 ms, half of the server's time",
                "full: four steps that follow one another directly, 4 ms together; all of the server's time"
            })
    private PaceProfile profile = PaceProfile.GENTLE;

    @Option(
            names = "--stall-budget",
            paramLabel = "MILLIS",
            description = "longest time in milliseconds that one step may keep the server busy; overrides the profile")
    private @Nullable BigDecimal stallBudgetMillis;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            description = "largest share of the server's time, above 0 up to 1; overrides the profile")
    private @Nullable BigDecimal share;

    @Option(
            names = "--max-rate",
            paramLabel = "KEYS",
            description = "maximum number of keys visited per second. Default: no limit")
    private @Nullable Long maxRate;

    @Option(
            names = "--max-latency",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "hold (send no steps) while the server's clients wait longer than this for an answer, for example"
                            + " 100ms. The sweep slows down well before. Default: 200ms (balanced 400ms, full 1s)")
    private @Nullable Duration maxLatency;

    @Option(
            names = "--max-replica-lag",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "hold (send no steps) while a replica is farther behind than this, for example 64mb. The sweep slows"
                            + " down well before. Default: 48mb")
    private @Nullable Long maxReplicaLag;

    @Option(
            names = "--max-evictions",
            paramLabel = "KEYS",
            description =
                    "hold (send no steps) while the server evicts more keys per second than this. The sweep slows down"
                            + " at half of this rate or earlier. Default: no limit, since a sweep frees memory")
    private @Nullable Long maxEvictions;

    /**
     * Returns the pace and the limits of the profile, with the values of other options in place of the profile's own.
     *
     * @throws CommandFailure if a value is outside its range
     */
    PacePolicy policy() {
        PacePolicy base = profile.policy();
        try {
            return new PacePolicy(
                    stallBudgetMillis == null ? base.stallBudget() : PaceChangeOptions.stallBudget(stallBudgetMillis),
                    share == null ? base.shareCeiling() : share.doubleValue(),
                    maxRate == null ? base.rateCeiling() : OptionalLong.of(maxRate),
                    limits(base.limits()));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, PaceChangeOptions.inWordsOfOptions(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * Refuses the options that concern only steps, for a command that sends no steps.
     *
     * @param option name of the option that makes the command send no steps, such as {@code --assist-only}
     * @throws CommandFailure if such an option is given, because it would be ignored
     */
    void refuseStepOptions(String option) {
        ExclusiveOptions.refuseBoth(option, /* isFirstGiven= */ true, "--stall-budget", stallBudgetMillis != null);
        ExclusiveOptions.refuseBoth(option, /* isFirstGiven= */ true, "--max-rate", maxRate != null);
    }

    /** Returns the limits of the profile, except the limits for which the user has given an option. */
    private Limits limits(Limits base) {
        Limits limits = base;
        if (maxLatency != null) {
            limits = limits.withHard(Signal.LATENCY, Amounts.milliseconds(maxLatency));
        }
        if (maxReplicaLag != null) {
            limits = limits.withHard(Signal.REPLICA_LAG, maxReplicaLag);
        }
        if (maxEvictions != null) {
            limits = limits.withHard(Signal.EVICTIONS, maxEvictions);
        }
        return limits;
    }
}
