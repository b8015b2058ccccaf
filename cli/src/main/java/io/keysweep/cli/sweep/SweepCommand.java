package io.keysweep.cli.sweep;

import io.keysweep.cli.control.LocalSweep;
import io.keysweep.cli.control.SweepSocket;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.ServerArgument;
import io.keysweep.cli.shell.Shell;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keysweep sweep URI}: sweeps one server from here, without a service. */
@Command(
        name = "sweep",
        description = {
            "Reclaims the expired keys of one server, a primary, at once and without a service.",
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
            description = "end after this time, for example 90s, 30m or 2h. Default: no limit")
    private @Nullable Duration timeout;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description = "how long to wait for a server that does not answer any more. Default: 60s")
    private Duration patience = Duration.ofSeconds(60);

    @Option(names = "--json", description = "write the report as one JSON document")
    private boolean json;

    @Option(names = "--quiet", description = "show no progress")
    private boolean quiet;

    private final Shell shell;
    private final Supplier<SweepEngine> engines;

    /**
     * @param shell what the command sees of the world
     * @param engines makes the engine; not asked before the options are known to be good
     */
    public SweepCommand(Shell shell, Supplier<SweepEngine> engines) {
        this.shell = shell;
        this.engines = engines;
    }

    @Override
    @SuppressWarnings("try") // The socket is there to be closed, not to be used.
    public Integer call() throws InterruptedException {
        SweepRequest request = request();
        SweepControl control = new SweepControl();
        Interruption.Registration registration = shell.interruption().onInterrupt(control::cancel);
        try (SweepEngine engine = engines.get();
                LocalSweep progress = new LocalSweep(
                        quiet ? ProgressDisplay.silent() : ProgressDisplay.of(shell),
                        control,
                        DeploymentUri.redacted(request.deployment()),
                        request.pace(),
                        shell.clock().instant(),
                        announcements()::say);
                SweepSocket ignored = SweepSocket.open(shell, progress, announcements()::say)) {
            SweepReport report = engine.sweep(request, control, new SweepWatch(progress, announcements()));
            print(report);
            return exitCode(report).number();
        } finally {
            registration.withdraw();
        }
    }

    private SweepRequest request() {
        SweepRequest defaults = SweepRequest.of(server.deployment(shell), pace.policy());
        return new SweepRequest(
                defaults.deployment(),
                defaults.pace(),
                timeout == null ? null : shell.clock().instant().plus(timeout),
                null,
                defaults.checkpointEvery(),
                patience);
    }

    private SweepWatch.Announcements announcements() {
        return quiet ? line -> {} : shell.err()::println;
    }

    private void print(SweepReport report) {
        if (json) {
            shell.out().println(SweepDocument.of(report).toJson());
        } else {
            SweepSummary.lines(report).forEach(shell.out()::println);
        }
        shell.out().flush();
    }

    private static ExitCode exitCode(SweepReport report) {
        return switch (report.ending()) {
            case COMPLETED -> ExitCode.DONE;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case CANCELLED -> ExitCode.INTERRUPTED;
        };
    }
}
