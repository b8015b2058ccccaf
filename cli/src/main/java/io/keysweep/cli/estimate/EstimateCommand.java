package io.keysweep.cli.estimate;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.ServerArgument;
import io.keysweep.cli.shell.Shell;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.topology.Deployment;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keysweep estimate URI}: how many expired keys a server still holds. */
@Command(
        name = "estimate",
        description = {
            "Estimates how many expired keys still hold memory, from a sample on a replica.",
            "Removes no key, unless --sample-primary allows it."
        })
public final class EstimateCommand implements Callable<Integer> {

    @Mixin
    private ServerArgument server = new ServerArgument();

    @Option(names = "--exact", description = "pass every key instead of a sample; needs a replica")
    private boolean exact;

    @Option(
            names = "--sample-primary",
            description = "where there is no replica, sample the primary. This removes the expired keys that the"
                    + " sample meets")
    private boolean samplePrimary;

    @Mixin
    private ResultOutput output = new ResultOutput();

    private final Shell shell;
    private final Supplier<BacklogEstimator> estimators;

    /**
     * @param shell what the command sees of the world
     * @param estimators makes the estimator; not asked before the options are known to be good
     */
    public EstimateCommand(Shell shell, Supplier<BacklogEstimator> estimators) {
        this.shell = shell;
        this.estimators = estimators;
    }

    @Override
    public Integer call() throws InterruptedException {
        EstimateRequest request = new EstimateRequest(server.deployment(shell), exact, samplePrimary);
        try (BacklogEstimator estimator = estimators.get()) {
            List<Estimate> estimates = estimator.estimate(request);
            if (request.deployment() instanceof Deployment.Cluster) {
                output.write(
                        shell, () -> TotalDocument.OfCluster.of(estimates), () -> EstimateSummary.ofCluster(estimates));
            } else {
                Estimate only = estimates.getFirst();
                output.write(shell, () -> EstimateDocument.of(only), () -> EstimateSummary.lines(only));
            }
            return ExitCode.DONE.number();
        } catch (EstimateRefusedException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage() + wayOut(e.reason()), e);
        }
    }

    private static String wayOut(EstimateRefusedException.Reason reason) {
        return switch (reason) {
            case EXACT_NEEDS_REPLICA -> ": give the URI of a replica, or leave --exact away";
            case PRIMARY_NOT_AGREED_TO -> ": give the URI of a replica, or agree with --sample-primary";
            case SAMPLE_NEEDS_KNOWN_CURSORS -> ": give the URI of a replica, and --exact";
        };
    }
}
