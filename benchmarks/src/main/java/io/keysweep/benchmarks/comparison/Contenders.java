package io.keysweep.benchmarks.comparison;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Creates the contenders of a comparison, the ways to reclaim expired keys, in the order of their turns.
 *
 * <p>Some contenders read the figures of an earlier one in the same round, so the order matters.
 */
final class Contenders {

    // The names of the contenders to which ratios and other contenders refer.
    static final String LIMIT = "limit";
    static final String REDIS_CLI = "redis-cli";
    static final String REDIS_CLI_1000 = "redis-cli 1000";
    static final String NO_KEYS = "no keys";
    static final String DCS_WAY = "dcs-way 1000";
    static final String FULL = "full";
    static final String GENTLE_AT_DCS_RATE = "gentle at dcs-way's rate";

    private Contenders() {}

    /**
     * Returns the contenders for one version.
     *
     * @param version the version of the server; some contenders need a newer one
     * @param engine the engine of Keysweep's contenders; the caller closes it
     * @param slice the time limit of a turn, for contenders that would take too long
     * @param only the names of the contenders to return; all if empty
     * @throws IllegalArgumentException if {@code only} holds an unknown name
     */
    static List<Contender> of(RedisVersion version, SweepEngine engine, Duration slice, Set<String> only)
            throws IOException, InterruptedException {
        List<Contender> contenders = createAll(version, engine, slice);
        if (only.isEmpty()) {
            return contenders;
        }
        List<String> names = contenders.stream().map(Contender::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("--only is \"" + name + "\", must be one of " + names);
            }
        }
        return contenders.stream()
                .filter(contender -> only.contains(contender.name()))
                .toList();
    }

    private static List<Contender> createAll(RedisVersion version, SweepEngine engine, Duration slice)
            throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new BlockingScan());
        contenders.add(RedisCliScan.withDefaultCount());
        if (RedisCliScan.takesCount(version)) {
            contenders.add(RedisCliScan.withCount(1000));
            contenders.add(new KeylessScripts(slice));
        }
        for (int count : List.of(10, 50, 100)) {
            contenders.add(new PacedScan(count, slice));
        }
        contenders.add(new PacedScan(/* count= */ 1000, /* slice= */ null));
        contenders.add(new EngineSweep(
                GENTLE_AT_DCS_RATE,
                "Keysweep, gentle's stall budget, at most the rate of " + DCS_WAY
                        + " in the same round, no limit of the share",
                engine,
                /* namesStay= */ false,
                Contenders::atDcsRate));
        contenders.add(paced("gentle", engine, PacePolicy.GENTLE));
        contenders.add(paced("balanced", engine, PacePolicy.BALANCED));
        contenders.add(paced(FULL, engine, PacePolicy.FULL));
        if (version.isValkey()) {
            contenders.add(new EngineSweep(
                    FULL + " no-names",
                    "Keysweep, " + FULL + ", with scripts that keep key names on the server",
                    engine,
                    /* namesStay= */ true,
                    round -> PacePolicy.FULL));
        }
        contenders.add(new NativeExpiry(/* effort= */ 1, slice));
        contenders.add(new NativeExpiry(/* effort= */ 10, slice));
        return contenders;
    }

    /** Returns gentle's stall budget with the rate that {@link #DCS_WAY} has reached in this round. */
    private static PacePolicy atDcsRate(ComparisonRound round) {
        // At the same rate, only the stalls of the two contenders differ.
        long rate = Math.max(1, Math.round(round.of(DCS_WAY).keysPerSecond()));
        return new PacePolicy(PacePolicy.GENTLE.stallBudget(), /* shareCeiling= */ 1, OptionalLong.of(rate));
    }

    private static Contender paced(String name, SweepEngine engine, PacePolicy pace) {
        String description = "Keysweep, " + name + ": " + pace.stallBudget().toNanos() / 1e6 + " ms a step, "
                + Math.round(pace.shareCeiling() * 100) + " % of the main thread";
        return new EngineSweep(name, description, engine, /* namesStay= */ false, round -> pace);
    }
}
