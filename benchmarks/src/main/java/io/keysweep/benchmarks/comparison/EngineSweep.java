package io.keysweep.benchmarks.comparison;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import java.util.function.Function;

/**
 * Reclaims expired keys with Keysweep's own engine, which runs in the process of the benchmark.
 *
 * @param name the name in tables and JSON
 * @param description a description of one line
 * @param engine the engine; the creator of this object closes it
 * @param namesStay whether the names of keys must stay on the server, even where a sweep that sends them costs less CPU
 *     time
 * @param pace returns the pace policy, which may depend on figures that the round has already measured
 */
record EngineSweep(
        String name,
        String description,
        SweepEngine engine,
        boolean namesStay,
        Function<ComparisonRound, PacePolicy> pace)
        implements Contender {

    @Override
    public Coverage coverage() {
        return Coverage.WHOLE;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) throws InterruptedException {
        SweepReport report = engine.sweep(
                SweepRequest.of(DeploymentUri.parse(server.uri()), pace.apply(round))
                        .withNamesStaying(namesStay),
                new SweepControl(),
                event -> {});
        if (report.ending() != SweepReport.Ending.COMPLETED) {
            throw new IllegalStateException("The sweep ended as " + report.ending());
        }
        return new Run(report.visited(), report.reclaimed());
    }
}
