package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.Contender.Coverage;
import io.keysweep.benchmarks.comparison.ForegroundLoad.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures an application's latencies while contenders that cover the whole key space run, apart from the rounds. */
final class ForegroundPass {

    private static final Duration IDLE_TIME = Duration.ofSeconds(5);

    private ForegroundPass() {}

    /** Runs the load alone, and then each contender once under the load of {@code perSecond} requests. */
    static Foreground run(PlantedServer server, List<Contender> contenders, ComparisonRound round, int perSecond)
            throws IOException, InterruptedException {
        Latencies idle;
        try (ForegroundLoad load = ForegroundLoad.start(server, perSecond)) {
            Thread.sleep(IDLE_TIME);
            idle = load.stop();
        }
        Map<String, Latencies> under = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            if (contender.coverage() == Coverage.WHOLE) {
                server.replant();
                try (ForegroundLoad load = ForegroundLoad.start(server, perSecond)) {
                    contender.run(server, round);
                    under.put(contender.name(), load.stop());
                }
            }
        }
        return new Foreground(perSecond, idle, under);
    }

    /**
     * Holds the latencies of an application.
     *
     * @param requestsPerSecond the load
     * @param idle the latencies without a contender
     * @param under the latencies while a contender runs, by contender
     */
    record Foreground(int requestsPerSecond, Latencies idle, Map<String, Latencies> under) {}
}
