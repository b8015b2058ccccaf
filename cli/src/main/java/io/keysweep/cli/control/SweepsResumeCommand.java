package io.keysweep.cli.control;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code keysweep sweeps resume PID}. */
@Command(name = "resume", description = "Ends the pause of a sweep.")
final class SweepsResumeCommand extends LocalSweepCommand {

    SweepsResumeCommand(Shell shell) {
        super(shell);
    }

    @Override
    SweepRequestLine request(@Nullable String reason) {
        return SweepRequestLine.of("resume", reason);
    }
}
