package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.ForegroundPass.Foreground;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs all contenders, the ways to reclaim expired keys, in turns on one server (A B C … A B C …).
 *
 * <p>A round gives one turn to each contender. Because turns alternate, a disturbance of the machine affects more than
 * one contender. {@link Measurement} measures a turn.
 */
final class Comparison {

    /** The key space of a sweep before the measurement, large enough for the JVM to compile the engine. */
    private static final KeySpaceSize WARM_UP =
            new KeySpaceSize(/* persistent= */ 200_000, /* expired= */ 100_000, /* valueSize= */ 20);

    private final ComparisonSpec spec;
    private final Consumer<String> progress;

    /**
     * Creates a comparison.
     *
     * @param progress receives one line of text before each turn
     */
    Comparison(ComparisonSpec spec, Consumer<String> progress) {
        this.spec = spec;
        this.progress = progress;
    }

    /** Starts the server, runs all rounds, and returns the medians and ratios. This takes minutes or longer. */
    ComparisonResult run() throws IOException, InterruptedException {
        try (SweepEngine engine = LettuceEngine.sweepEngine()) {
            List<Contender> contenders = Contenders.of(spec.version(), engine, spec.slice(), spec.only());
            warmUp(contenders);
            progress.accept("planting " + spec.size().total() + " keys on "
                    + spec.version().label());
            try (PlantedServer server = PlantedServer.start(spec, spec.size())) {
                List<ComparisonRound> rounds = new ArrayList<>();
                for (int number = 1; number <= spec.rounds(); number++) {
                    rounds.add(runRound(number, server, contenders));
                }
                Foreground foreground = null;
                if (spec.foregroundRate() > 0) {
                    progress.accept("one more pass, with an application's load");
                    foreground = ForegroundPass.run(server, contenders, rounds.getLast(), spec.foregroundRate());
                }
                Map<String, Double> ratios = Ratios.of(rounds);
                return new ComparisonResult(
                        spec.name(),
                        spec.commandLine(),
                        ResultFile.now(),
                        Machine.here(),
                        serverName(server),
                        spec.clusterMode(),
                        spec.ownCore(),
                        spec.size(),
                        spec.rounds(),
                        ratios,
                        Bar.check(spec.version(), ratios),
                        entries(contenders, rounds),
                        foreground);
            }
        }
    }

    /** Runs one turn of each contender. */
    private ComparisonRound runRound(int number, PlantedServer server, List<Contender> contenders)
            throws IOException, InterruptedException {
        ComparisonRound round = new ComparisonRound();
        for (Contender contender : contenders) {
            progress.accept("round " + number + " of " + spec.rounds() + ": " + contender.name());
            // A contender may need the figures of earlier turns of this round.
            round.add(contender.name(), Measurement.of(contender, server, round));
        }
        return round;
    }

    /**
     * Sweeps a small server once if the contender {@code full} takes part, so that the JVM has compiled the engine
     * before the first turn.
     */
    private void warmUp(List<Contender> contenders) throws IOException, InterruptedException {
        KeySpaceSize size = spec.size().total() < WARM_UP.total() ? spec.size() : WARM_UP;
        try (PlantedServer server = PlantedServer.start(spec, size)) {
            for (Contender contender : contenders) {
                if (contender.name().equals(Contenders.FULL)) {
                    Measurement.of(contender, server, new ComparisonRound());
                }
            }
        }
    }

    /** Returns the figures of each contender: the medians, and the figures of each round. */
    private static List<ComparisonResult.Entry> entries(List<Contender> contenders, List<ComparisonRound> rounds) {
        return contenders.stream()
                .map(contender -> {
                    List<TurnFigures> figures = rounds.stream()
                            .map(round -> round.of(contender.name()))
                            .toList();
                    return new ComparisonResult.Entry(
                            contender.name(),
                            contender.description(),
                            contender.coverage(),
                            TurnFigures.median(figures),
                            figures);
                })
                .toList();
    }

    private static String serverName(PlantedServer server) {
        ServerFigures figures = ServerFigures.of(server.client(), "server");
        RedisVersion version = server.version();
        return version.isValkey()
                ? "Valkey " + figures.fields().get("valkey_version")
                : "Redis " + figures.fields().get("redis_version");
    }
}
