package io.keysweep.cli.control;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code keysweep sweeps pause PID}. */
@Command(name = "pause", description = "Stops a sweep within a step, until it is resumed; its timeout goes on.")
final class SweepsPauseCommand extends LocalSweepCommand {

    SweepsPauseCommand(Shell shell) {
        super(shell);
    }

    @Override
    SweepRequestLine request(@Nullable String reason) {
        return SweepRequestLine.of("pause", reason);
    }
}
