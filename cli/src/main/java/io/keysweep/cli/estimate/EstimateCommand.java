package io.keysweep.cli.estimate;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.ServerArgument;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.DeploymentEstimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.topology.Deployment;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep estimate}, which estimates how many expired keys still hold memory on a server or on each
 * primary of a cluster. Works without a service.
 *
 * <p>A sample of keys on a replica is enough for an estimate and removes no key, because a replica hides expired keys
 * but does not remove them.
 */
@Command(
        name = "estimate",
        description = {
            "Estimates from a sample on a replica how many expired keys still hold memory.",
            "Removes no key, unless --sample-primary allows it."
        })
public final class EstimateCommand implements Callable<Integer> {

    @Mixin
    private ServerArgument server = new ServerArgument();

    @Option(names = "--exact", description = "visit every key instead of a sample; needs a replica")
    private boolean exact;

    @Option(
            names = "--sample-primary",
            description = "sample the primary if there is no replica. This removes the expired keys in the sample")
    private boolean samplePrimary;

    @Mixin
    private PictureOptions picture = new PictureOptions();

    @Mixin
    private ResultOutput output = new ResultOutput();

    private final CommandContext context;
    private final Supplier<BacklogEstimator> estimators;

    /**
     * Creates the command for one call.
     *
     * @param estimators creates the estimator; called only after all options are known to be valid
     */
    public EstimateCommand(CommandContext context, Supplier<BacklogEstimator> estimators) {
        this.context = context;
        this.estimators = estimators;
    }

    @Override
    public Integer call() throws InterruptedException {
        EstimateRequest request =
                new EstimateRequest(server.deployment(context), exact, samplePrimary).with(picture.request());
        try (BacklogEstimator estimator = estimators.get()) {
            DeploymentEstimate result = estimator.estimateEach(request);
            List<RefusedNode> refusedNodes = RefusedNode.of(result.failures());
            output.write(
                    context,
                    () -> TotalDocument.WithNodes.of(
                            request.deployment().label(), result.estimates(), refusedNodes, picture.top()),
                    () -> request.deployment() instanceof Deployment.Cluster
                            ? EstimateSummary.ofCluster(result.estimates(), refusedNodes, picture.top())
                            : EstimateSummary.lines(result.estimates().getFirst(), picture.top()));
            return RefusedNode.exitCode(result.failures()).number();
        } catch (EstimateRefusedException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage() + advice(e.reason()), e);
        }
    }

    /** Returns what the user can do about a refusal, as the end of its message. */
    private static String advice(EstimateRefusedException.Reason reason) {
        return switch (reason) {
            case EXACT_NEEDS_REPLICA -> ": give the URI of a replica, or omit --exact";
            case PRIMARY_SAMPLE_NOT_ALLOWED -> ": give the URI of a replica, or allow it with --sample-primary";
            case SAMPLE_NEEDS_KNOWN_CURSORS -> ": give the URI of a replica and --exact";
        };
    }
}
