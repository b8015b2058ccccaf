package io.keysweep.benchmarks.comparison;

import java.time.Duration;

/**
 * Runs short scripts that access no key, to show the longest stall that the machine alone causes.
 *
 * <p>A script takes longer if the server loses its core or its caches are cold, and so does a step of a scan. The
 * figures count scripts instead of keys.
 *
 * @param slice the duration if {@code redis-cli 1000} has not run in this round; otherwise the scripts run for as long
 *     as {@code redis-cli 1000} did
 */
record KeylessScripts(Duration slice) implements Contender {

    /** Takes about 0.1 ms, as a step of Keysweep's profile {@code full} does. */
    private static final String SCRIPT = "local x = 0 for i = 1, 4000 do x = x + i % 7 end return x";

    @Override
    public String name() {
        return Contenders.NO_KEYS;
    }

    @Override
    public String description() {
        return "scripts of about 0.1 ms that access no key, for as long as " + Contenders.REDIS_CLI_1000
                + " took, else " + slice.toMillis() / 1e3 + " s: the part of a longest stall that the machine causes";
    }

    @Override
    public Coverage coverage() {
        return Coverage.TIME_SLICE;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) {
        double seconds = round.has(Contenders.REDIS_CLI_1000)
                ? round.of(Contenders.REDIS_CLI_1000).seconds()
                : slice.toNanos() / 1e9;
        long start = System.nanoTime();
        long scripts = 0;
        while (System.nanoTime() - start < seconds * 1e9) {
            server.client().call("EVAL", SCRIPT, "0");
            scripts++;
        }
        return new Run(scripts, /* counted= */ null);
    }
}
