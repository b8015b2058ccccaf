package io.keysweep.benchmarks.comparison;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Who takes part, in the order of their turns. */
final class Contenders {

    static final String LIMIT = "limit";
    static final String REDIS_CLI = "redis-cli";
    static final String REDIS_CLI_1000 = "redis-cli 1000";
    static final String DCS_WAY = "dcs-way 1000";
    static final String FULL = "full";
    static final String GENTLE_AT_DCS_RATE = "gentle at dcs-way's rate";

    private Contenders() {}

    /**
     * All for one version.
     *
     * @param slice time for those that would not come to an end
     */
    static List<Contender> of(RedisVersion version, SweepEngine engine, Duration slice)
            throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new BlockingWalk());
        contenders.add(new RedisCliScan(0));
        if (RedisCliScan.takesCount(version)) {
            contenders.add(new RedisCliScan(1000));
        }
        contenders.add(new PacedScan(10, slice));
        contenders.add(new PacedScan(50, slice));
        contenders.add(new PacedScan(100, slice));
        contenders.add(new PacedScan(1000, null));
        contenders.add(new EngineSweep(
                GENTLE_AT_DCS_RATE,
                "Keysweep, gentle's stall budget, at most as many keys a second as " + DCS_WAY
                        + " had in the same round, and whatever share that takes",
                engine,
                Contenders::atDcsRate));
        contenders.add(paced("gentle", engine, PacePolicy.GENTLE));
        contenders.add(paced("balanced", engine, PacePolicy.BALANCED));
        contenders.add(paced(FULL, engine, PacePolicy.FULL));
        contenders.add(new NativeExpiry(1, slice));
        contenders.add(new NativeExpiry(10, slice));
        return contenders;
    }

    private static PacePolicy atDcsRate(Round round) {
        long rate = Math.max(1, Math.round(round.of(DCS_WAY).keysPerSecond()));
        return new PacePolicy(PacePolicy.GENTLE.stallBudget(), 1, OptionalLong.of(rate));
    }

    private static Contender paced(String name, SweepEngine engine, PacePolicy pace) {
        String description = "Keysweep, " + name + ": " + pace.stallBudget().toNanos() / 1e6 + " ms a step, "
                + Math.round(pace.shareCeiling() * 100) + " % of the main thread";
        return new EngineSweep(name, description, engine, round -> pace);
    }
}
