package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.Contender.Coverage;
import io.keysweep.benchmarks.comparison.ForegroundLoad.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pass over those that walk everything with an application beside them, apart from the rounds that measure cost. */
final class ForegroundPass {

    private static final Duration IDLE = Duration.ofSeconds(5);

    private ForegroundPass() {}

    /** Runs each once under a load of so many requests a second, and first the load alone. */
    static Foreground run(PlantedServer server, List<Contender> contenders, ComparisonRound round, int perSecond)
            throws IOException, InterruptedException {
        Latencies idle;
        try (ForegroundLoad load = ForegroundLoad.start(server, perSecond)) {
            Thread.sleep(IDLE);
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
     * What an application feels.
     *
     * @param requestsPerSecond the load
     * @param idle with no sweep beside it
     * @param under by contender, while it runs
     */
    record Foreground(int requestsPerSecond, Latencies idle, Map<String, Latencies> under) {}
}
