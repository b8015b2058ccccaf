package io.keysweep.cli.sweep;

import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.ServerArgument;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep sweep}, which reclaims the expired keys of a server or cluster from this process, without
 * a service.
 *
 * <p>A sweep visits all keys of a primary in steps, each a SCAN or script call, so that the server removes the expired
 * ones. Assist, on demand, first makes the server itself remove more expired keys for a while. {@link DirectSweep} does
 * this work as the options say.
 */
@Command(
        name = "sweep",
        description = {
            "Reclaims the expired keys of a server, a Sentinel deployment or a cluster, without a service.",
            "Sweeps only primaries, and several primaries of a cluster at the same time.",
            "Progress goes to standard error, the result to standard output."
        })
public final class SweepCommand implements Callable<Integer> {

    @Mixin
    private ServerArgument server = new ServerArgument();

    @Mixin
    private PaceOptions pace = new PaceOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "end the sweep after this time, for example 90s, 30m or 2h. Default: no limit")
    private @Nullable Duration timeout;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description = "how long to wait for a server that no longer answers. Default: 60s")
    private Duration patience = Duration.ofSeconds(60);

    @Option(
            names = "--no-names",
            description = "keep key names on the server: do not sweep a server that refuses scripts, and do not use the"
                    + " faster method of --profile full on Redis 8.0 and Valkey 8.1 or later, which sends key names")
    private boolean noNames;

    @Option(
            names = "--skip-denied-databases",
            description = "leave out databases that the user may not access (ACL rule db=), instead of refusing the"
                    + " server")
    private boolean skipDeniedDatabases;

    @Mixin
    private AssistOptions assist = new AssistOptions();

    @Mixin
    private ResultOutput output = new ResultOutput();

    @Option(
            names = "--purge",
            description =
                    "at the end, make the server return unused memory to the system (MEMORY PURGE). This may block"
                            + " the server for a while")
    private boolean purge;

    @Option(names = "--quiet", description = "show no progress")
    private boolean quiet;

    @Mixin
    private ParallelOptions parallel = new ParallelOptions();

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "at the end, also after a failure, write metrics of the sweep to this file for the textfile"
                    + " collector of Prometheus' node exporter. The name must end in .prom")
    private @Nullable Path metricsFile;

    private final CommandContext context;
    private final Supplier<SweepEngine> engines;
    private final Supplier<NodeConnector> connectors;

    /** The sweep that the command has started; null before. The thread of a signal reads it, for the metrics. */
    private volatile @Nullable DirectSweep sweep;

    /**
     * Creates the command.
     *
     * @param engines creates the engine; called only after the URI is known to be valid, because loading the engine
     *     takes time
     * @param connectors creates a connector, which assist uses to read and change settings of a server
     */
    public SweepCommand(CommandContext context, Supplier<SweepEngine> engines, Supplier<NodeConnector> connectors) {
        this.context = context;
        this.engines = engines;
        this.connectors = connectors;
    }

    @Override
    public Integer call() throws InterruptedException {
        Deployment deployment = server.deployment(context);
        return metricsFile == null
                ? sweep(deployment)
                : sweepAndWriteMetrics(deployment, MetricsFile.at(metricsFile, context));
    }

    /** Sweeps, and writes the metrics file, even if the sweep fails. Returns the exit code. */
    private int sweepAndWriteMetrics(Deployment deployment, MetricsFile metrics) throws InterruptedException {
        Instant startedAt = context.clock().instant();
        // Without this action, the metrics of an earlier sweep, which may have succeeded, would remain in the file.
        Interruption.Registration registration = context.interruption()
                .beforeAbruptEnd(() -> metrics.write(metrics(deployment, startedAt, ExitCode.INTERRUPTED.number())));
        try {
            int code = sweep(deployment);
            boolean isWritten = metrics.write(metrics(deployment, startedAt, code));
            return code == ExitCode.DONE.number() && !isWritten ? ExitCode.FAILED.number() : code;
        } catch (InterruptedException | RuntimeException e) {
            metrics.write(metrics(deployment, startedAt, ExitCode.of(e).number()));
            throw e;
        } catch (Error e) {
            // Without this call, the metrics of an earlier sweep, which may have succeeded, would remain in the file.
            metrics.write(metrics(deployment, startedAt, ExitCode.FAILED.number()));
            throw e;
        } finally {
            registration.withdraw();
        }
    }

    private MetricSnapshots metrics(Deployment deployment, Instant startedAt, int code) {
        DirectSweep started = sweep;
        return SweepMetrics.of(
                DeploymentUri.redacted(deployment),
                startedAt,
                context.clock().instant(),
                code,
                started == null ? null : started.totals());
    }

    /** Assists and sweeps as the options say, and returns the exit code. Settings that are raised are put back. */
    private int sweep(Deployment deployment) throws InterruptedException {
        // All options are checked before anything connects to a server or changes its settings.
        boolean assistOnly = assist.isOnlyAssist(purge);
        if (assistOnly) {
            pace.refuseStepOptions("--assist-only");
        }
        DeploymentRequest request = request(deployment);
        ProgressDisplay display = quiet ? ProgressDisplay.silent() : ProgressDisplay.of(context);
        DirectSweep started =
                new DirectSweep(context, request, new AssistSession(context, connectors, display), display, output);
        sweep = started;
        return started.run(engines, assist.allowed(), assistOnly);
    }

    /**
     * Returns the request that the options describe.
     *
     * @throws CommandFailure if an option is not valid
     */
    private DeploymentRequest request(Deployment deployment) {
        return parallel.request(SweepRequest.of(deployment, pace.policy())
                .withDeadline(timeout == null ? null : context.clock().instant().plus(timeout))
                .withPatience(patience)
                .withPurge(purge)
                .withNamesStaying(noNames)
                .withDeniedDatabasesSkipped(skipDeniedDatabases));
    }
}
