package io.keysweep.benchmarks.comparison;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import java.util.function.Function;

/**
 * Sweeps with Keysweep's engine in this process.
 *
 * @param name the name in tables and JSON
 * @param description a description of one line
 * @param engine the engine, which the caller closes
 * @param namesStay whether key names must stay on the server
 * @param pace returns the pace policy, which may depend on earlier figures of the round
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
                SweepRequest.of(DeploymentUri.parse(server.uri(), null, null), pace.apply(round))
                        .withNamesStaying(namesStay),
                new SweepControl(),
                event -> {});
        if (report.ending() != SweepReport.Ending.COMPLETED) {
            throw new IllegalStateException("The sweep ended as " + report.ending());
        }
        return new Run(report.visited(), report.reclaimed());
    }
}
