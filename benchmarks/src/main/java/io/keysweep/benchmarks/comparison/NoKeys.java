package io.keysweep.benchmarks.comparison;

import java.time.Duration;

/**
 * Short scripts that touch no key, one after another: how long a step may take on this machine whatever is in it, since
 * a core is taken away or its caches are cold. No way that scans can have a shorter longest stall. In place of keys, its
 * figures are about scripts.
 *
 * @param slice how long, where no {@code redis-cli 1000} went before whose time it could take
 */
record NoKeys(Duration slice) implements Contender {

    /** About 0.1 ms: the length of a step at full share. */
    private static final String SCRIPT = "local x = 0 for i = 1, 4000 do x = x + i % 7 end return x";

    @Override
    public String name() {
        return Contenders.NO_KEYS;
    }

    @Override
    public String description() {
        return "scripts of about 0.1 ms that touch no key, for as long as " + Contenders.REDIS_CLI_1000 + " took, else "
                + slice.toMillis() / 1e3 + " s: what of a longest stall is the machine's";
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
        return new Run(scripts, null);
    }
}
