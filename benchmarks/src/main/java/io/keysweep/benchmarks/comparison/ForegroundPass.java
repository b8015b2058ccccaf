package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.Contender.Coverage;
import io.keysweep.benchmarks.server.ForegroundLoad;
import io.keysweep.benchmarks.server.ForegroundLoad.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how contenders (ways to reclaim expired keys) slow down an application.
 *
 * <p>The measurement runs after the rounds of the comparison, because the application would change their figures.
 */
final class ForegroundPass {

    private static final Duration IDLE_TIME = Duration.ofSeconds(5);

    private ForegroundPass() {}

    /**
     * Runs the application alone for 5 s, and then once together with each contender that covers the whole key space.
     * Plants the expired keys before each contender.
     *
     * @param round the figures of the last round, which some contenders read
     * @param perSecond the number of requests per second that the application sends
     */
    static Foreground run(PlantedServer server, List<Contender> contenders, ComparisonRound round, int perSecond)
            throws IOException, InterruptedException {
        Latencies idle;
        try (ForegroundLoad load = start(server, perSecond)) {
            Thread.sleep(IDLE_TIME);
            idle = load.stop();
        }
        Map<String, Latencies> under = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            if (contender.coverage() == Coverage.WHOLE) {
                server.replant();
                try (ForegroundLoad load = start(server, perSecond)) {
                    contender.run(server, round);
                    under.put(contender.name(), load.stop());
                }
            }
        }
        return new Foreground(perSecond, idle, under);
    }

    private static ForegroundLoad start(PlantedServer server, int perSecond) throws InterruptedException {
        KeySpaceSize size = server.size();
        return ForegroundLoad.start(server.port(), size.persistent(), size.valueSize(), perSecond);
    }

    /**
     * Describes the latencies of an application without and with each contender.
     *
     * @param requestsPerSecond the number of requests per second that the application sends
     * @param idle the latencies without a contender
     * @param under the latencies while a contender runs, by the contender's name
     */
    record Foreground(int requestsPerSecond, Latencies idle, Map<String, Latencies> under) {}
}
