package io.keysweep.cli.control;

import io.keysweep.cli.shell.ReasonOption;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What the commands on one sweep have in common: which one, why, and the line that they write. */
abstract class LocalSweepCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PID", description = "the sweep's process, see 'keysweep sweeps'")
    private long pid;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    private final Shell shell;

    LocalSweepCommand(Shell shell) {
        this.shell = shell;
    }

    /** What to ask of the sweep. */
    abstract SweepRequestLine request(@Nullable String reason);

    @Override
    public Integer call() {
        SweepStatus status = new SweepSocketClient(shell).tell(pid, request(reason.reason()));
        shell.out().println(status.line());
        return 0;
    }
}
