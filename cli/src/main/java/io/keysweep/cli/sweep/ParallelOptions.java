package io.keysweep.cli.sweep;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.sweep.SweepRequest;
import picocli.CommandLine.Option;

/**
 * Defines the options of {@code keysweep sweep} for how many primaries of a cluster it sweeps or assists at the same
 * time.
 */
final class ParallelOptions {

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "how many primaries of a cluster to sweep or assist at the same time. Default: 4")
    private int parallel = 4;

    @Option(
            names = "--parallel-per-host",
            paramLabel = "N",
            defaultValue = "1",
            description = "how many primaries on one host to sweep or assist at the same time. Default: 1")
    private int parallelPerHost = 1;

    /**
     * Returns the request to sweep a whole deployment within the limits of the options. Only clusters have several
     * primaries.
     *
     * @param sweep the deployment, and the settings for the sweep of each primary
     * @throws CommandFailure if a limit is below 1
     */
    DeploymentRequest request(SweepRequest sweep) {
        requireAtLeastOne("--parallel", parallel);
        requireAtLeastOne("--parallel-per-host", parallelPerHost);
        return new DeploymentRequest(sweep, parallel, parallelPerHost);
    }

    private static void requireAtLeastOne(String option, int value) {
        if (value < 1) {
            throw new CommandFailure(ExitCode.USAGE, option + " is " + value + ", must be at least 1");
        }
    }
}
