package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.control.LocalSweep;
import io.keysweep.cli.control.SweepSocket;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.ServerArgument;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.DeploymentSweep;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * ones. Assist, on demand, first makes the server itself remove more expired keys for a while. {@code keysweep sweeps}
 * in another process can control the running sweep through a {@link SweepSocket}.
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

    /**
     * The figures of the sweep, for the metrics; null until a sweep has ended with a report. The thread of a signal
     * reads it.
     */
    private volatile @Nullable SweepTotals totals;

    /** The sweep whose result has not been written yet; null if there is none. The thread of a signal reads it. */
    private volatile @Nullable LocalSweep unreported;

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
        return SweepMetrics.of(
                DeploymentUri.redacted(deployment), startedAt, context.clock().instant(), code, totals);
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
        AssistSession session = new AssistSession(context, connectors, display);
        Interruption.Registration registration =
                context.interruption().beforeAbruptEnd(() -> reportAbruptEnd(deployment, session));
        try {
            session.restoreLeftovers(deployment);
            return session.exitCode(run(request, session, assistOnly, display));
        } finally {
            session.restoreLost(deployment);
            registration.withdraw();
        }
    }

    /**
     * Says what is known of a sweep that has not ended when its process must end: its counts, unless its result has
     * been written, and the servers whose settings may be raised.
     */
    private void reportAbruptEnd(Deployment deployment, AssistSession session) {
        LocalSweep sweep = unreported;
        if (sweep != null) {
            ProgressSnapshot latest = sweep.latest();
            sweep.close();
            context.err()
                    .println("keysweep: the process ends before its sweep, so there is no result. By then the sweep had"
                            + " visited " + Amounts.count(latest.visited(), "key") + " and reclaimed "
                            + Amounts.count(latest.reclaimed()) + "; steps whose reply is missing are not counted."
                            + (session.reclaimed() == 0
                                    ? ""
                                    : " During assist, the server itself reclaimed "
                                            + Amounts.count(session.reclaimed()) + "."));
        }
        List<String> raisedServers = session.serversLeftRaised(deployment);
        if (!raisedServers.isEmpty()) {
            context.err()
                    .println("keysweep: settings of " + String.join(", ", raisedServers)
                            + " may still be raised by assist."
                            + " 'keysweep doctor " + DeploymentUri.redacted(deployment)
                            + "' names the commands that restore them, and the next sweep restores them.");
        }
        context.err().flush();
    }

    @SuppressWarnings("try") // The socket is only opened and closed here; its own thread uses it.
    private int run(DeploymentRequest request, AssistSession session, boolean assistOnly, ProgressDisplay display)
            throws InterruptedException {
        Deployment deployment = request.sweep().deployment();
        // A signal cancels the sweep, which then ends at its next step and reports its counts.
        SweepControl control = new SweepControl();
        Interruption.Registration registration = context.interruption().onInterrupt(control::cancel);
        try (SweepEngine engine = assist.allowed() && !assistOnly ? session.assisting(engines.get()) : engines.get();
                // The sweep reports its progress to this object, which answers keysweep sweeps with it.
                LocalSweep progress = new LocalSweep(
                        display,
                        control,
                        DeploymentUri.redacted(deployment),
                        request.sweep().pace(),
                        context.clock().instant());
                SweepSocket ignored = SweepSocket.open(context, progress)) {
            unreported = progress;
            if (assistOnly) {
                return runAssist(request, session, control, progress);
            }
            return deployment instanceof Deployment.Cluster
                    ? sweepCluster(engine, request, session, control, progress)
                    : sweepPrimary(engine, request.sweep(), session, control, progress);
        } catch (NodeRefusedException e) {
            if (control.cancelled() && totals == null) {
                // The user has pressed Ctrl-C while the command waited for a server that does not answer.
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            throw e;
        } finally {
            unreported = null;
            registration.withdraw();
        }
    }

    private int runAssist(
            DeploymentRequest request, AssistSession session, SweepControl control, ProgressDisplay progress)
            throws InterruptedException {
        session.assistAll(request, control, progress);
        unreported = null;
        output.write(
                context,
                () -> AssistOnlyDocument.of(
                        request.sweep().deployment().label(), session.reports(), session.refusedNodes()),
                () -> AssistSummary.lines(session.reports(), session.refusedNodes()));
        return session.exitCode().number();
    }

    private int sweepPrimary(
            SweepEngine engine,
            SweepRequest request,
            AssistSession session,
            SweepControl control,
            ProgressDisplay progress)
            throws InterruptedException {
        SweepWatch watch = new SweepWatch(progress);
        try {
            SweepReport report = engine.sweep(request, control, watch);
            writeResult(request, report, /* failure= */ null, session);
            return exitCode(report.ending()).number();
        } catch (NodeRefusedException e) {
            // A sweep that fails after its start still has counts, which the user must see with the failure.
            SweepReport reportOfFailure = watch.failureReport();
            if (reportOfFailure != null) {
                writeResult(request, reportOfFailure, e.getMessage(), session);
            }
            throw e;
        }
    }

    /**
     * Writes the result of one primary's sweep, and keeps its figures for the metrics.
     *
     * @param failure why the sweep has failed, or null if it has not
     */
    private void writeResult(
            SweepRequest request, SweepReport report, @Nullable String failure, AssistSession session) {
        totals = SweepTotals.of(report);
        unreported = null;
        output.write(
                context,
                () -> SweepDocument.of(
                        request.deployment().label(), report, failure, session.reports(), session.refusedNodes()),
                () -> AssistSummary.withSweep(session.reports(), SweepSummary.lines(report)));
    }

    private int sweepCluster(
            SweepEngine engine,
            DeploymentRequest request,
            AssistSession session,
            SweepControl control,
            ProgressDisplay progress)
            throws InterruptedException {
        DeploymentReport report = new DeploymentSweep(engine, Timing.system())
                .run(request, control, new ClusterWatch(context.clock(), progress));
        totals = SweepTotals.of(report);
        unreported = null;
        output.write(
                context,
                () -> SweepDocument.of(report, session.reports(), session.refusedNodes()),
                () -> AssistSummary.withSweep(session.reports(), ClusterSummary.lines(report)));
        ExitCode code = exitCode(report.ending());
        // The sweep of a cluster can reach its end without covering every slot. That must not look like success.
        return (code == ExitCode.DONE && !report.success() ? ExitCode.FAILED : code).number();
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

    private static ExitCode exitCode(SweepReport.Ending ending) {
        return switch (ending) {
            case COMPLETED -> ExitCode.DONE;
            case FAILED -> ExitCode.FAILED;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case CANCELLED -> ExitCode.INTERRUPTED;
        };
    }
}
