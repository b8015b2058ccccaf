package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.control.LocalSweep;
import io.keysweep.cli.control.SweepSocket;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.DeploymentSweep;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one sweep of {@code keysweep sweep}: assists and sweeps a deployment from this process, and writes the result.
 *
 * <p>A signal cancels the sweep. If the process must end before that, the known counts are reported. {@code keysweep
 * sweeps} in another process can control the running sweep through a {@link SweepSocket}.
 */
final class DirectSweep {

    private final CommandContext context;
    private final DeploymentRequest request;
    private final Deployment deployment;
    private final AssistSession session;
    private final ProgressDisplay display;
    private final ResultOutput output;

    /**
     * The figures of the sweep, for the metrics; null until a sweep has ended with a report. The thread of a signal
     * reads it.
     */
    private volatile @Nullable SweepTotals totals;

    /** The sweep whose result has not been written yet; null if there is none. The thread of a signal reads it. */
    private volatile @Nullable LocalSweep unreported;

    /**
     * Creates a sweep that has not begun.
     *
     * @param session assists the servers, and restores their settings
     * @param output writes the result
     */
    DirectSweep(
            CommandContext context,
            DeploymentRequest request,
            AssistSession session,
            ProgressDisplay display,
            ResultOutput output) {
        this.context = context;
        this.request = request;
        this.deployment = request.sweep().deployment();
        this.session = session;
        this.display = display;
        this.output = output;
    }

    /** Returns the figures of the sweep for the metrics; null until it has ended with a report. */
    @Nullable SweepTotals totals() {
        return totals;
    }

    /**
     * Assists and sweeps the deployment, writes the result, and returns the exit code. Settings that are raised are put
     * back.
     *
     * @param engines creates the engine
     * @param assistsFirst whether each primary is assisted before it is swept
     * @param assistsOnly whether the primaries are only assisted
     */
    int run(Supplier<SweepEngine> engines, boolean assistsFirst, boolean assistsOnly) throws InterruptedException {
        Interruption.Registration registration = context.interruption().beforeAbruptEnd(this::reportAbruptEnd);
        try {
            session.restoreLeftovers(deployment);
            return session.exitCode(runUntilInterrupt(engines, assistsFirst, assistsOnly));
        } finally {
            session.restoreLost(deployment);
            registration.withdraw();
        }
    }

    @SuppressWarnings("try") // The socket is only opened and closed here; its own thread uses it.
    private int runUntilInterrupt(Supplier<SweepEngine> engines, boolean assistsFirst, boolean assistsOnly)
            throws InterruptedException {
        // A signal cancels the sweep, which then ends at its next step and reports its counts.
        SweepControl control = new SweepControl();
        Interruption.Registration registration = context.interruption().onInterrupt(control::cancel);
        try (SweepEngine engine = assistsFirst && !assistsOnly ? session.assisting(engines.get()) : engines.get();
                // The sweep reports its progress to this object, which answers keysweep sweeps with it.
                LocalSweep progress = new LocalSweep(
                        display,
                        control,
                        DeploymentUri.redacted(deployment),
                        request.sweep().pace(),
                        context.clock().instant());
                SweepSocket ignored = SweepSocket.open(context, progress)) {
            unreported = progress;
            if (assistsOnly) {
                return assist(control, progress);
            }
            return deployment instanceof Deployment.Cluster
                    ? sweepCluster(engine, control, progress)
                    : sweepPrimary(engine, control, progress);
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

    private int assist(SweepControl control, ProgressDisplay progress) throws InterruptedException {
        session.assistAll(request, control, progress);
        write(
                () -> AssistOnlyDocument.of(deployment.label(), session.reports(), session.refusedNodes()),
                () -> AssistSummary.lines(session.reports(), session.refusedNodes()));
        return session.exitCode().number();
    }

    private int sweepPrimary(SweepEngine engine, SweepControl control, ProgressDisplay progress)
            throws InterruptedException {
        SweepWatch watch = new SweepWatch(progress);
        try {
            SweepReport report = engine.sweep(request.sweep(), control, watch);
            writeResult(report, /* failure= */ null);
            return exitCode(report.ending()).number();
        } catch (NodeRefusedException e) {
            // A sweep that fails after its start still has counts, which the user must see with the failure.
            SweepReport reportOfFailure = watch.failureReport();
            if (reportOfFailure != null) {
                writeResult(reportOfFailure, e.getMessage());
            }
            throw e;
        }
    }

    /**
     * Writes the result of one primary's sweep, and keeps its figures for the metrics.
     *
     * @param failure why the sweep has failed, or null if it has not
     */
    private void writeResult(SweepReport report, @Nullable String failure) {
        totals = SweepTotals.of(report);
        write(
                () -> SweepDocument.of(deployment.label(), report, failure, session.reports(), session.refusedNodes()),
                () -> AssistSummary.withSweep(session.reports(), SweepSummary.lines(report)));
    }

    private int sweepCluster(SweepEngine engine, SweepControl control, ProgressDisplay progress)
            throws InterruptedException {
        ClusterWatch watch = new ClusterWatch(context.clock(), progress);
        DeploymentReport report = new DeploymentSweep(engine, Timing.system()).run(request, control, watch);
        totals = SweepTotals.of(report);
        watch.end(report);
        write(
                () -> SweepDocument.of(report, session.reports(), session.refusedNodes()),
                () -> AssistSummary.withSweep(session.reports(), ClusterSummary.lines(report)));
        ExitCode code = exitCode(report.ending());
        // The sweep of a cluster can reach its end without covering every slot. That must not look like success.
        return (code == ExitCode.DONE && !report.success() ? ExitCode.FAILED : code).number();
    }

    /** Ends the display of the progress, and then writes the result, so that it begins on a line of its own. */
    private void write(Supplier<?> document, Supplier<List<String>> lines) {
        display.close();
        unreported = null;
        output.write(context, document, lines);
    }

    /**
     * Says what is known of a sweep that has not ended when its process must end: its counts, unless its result has
     * been written, and the servers whose settings may be raised.
     */
    private void reportAbruptEnd() {
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

    private static ExitCode exitCode(SweepReport.Ending ending) {
        return switch (ending) {
            case COMPLETED -> ExitCode.DONE;
            case FAILED -> ExitCode.FAILED;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case CANCELLED -> ExitCode.INTERRUPTED;
        };
    }
}
