package io.keysweep.cli.control;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code keysweep sweeps cancel PID}. */
@Command(name = "cancel", description = "Ends a sweep after the step under way; what was reclaimed is counted.")
final class SweepsCancelCommand extends LocalSweepCommand {

    SweepsCancelCommand(Shell shell) {
        super(shell);
    }

    @Override
    SweepRequestLine request(@Nullable String reason) {
        return SweepRequestLine.of("cancel", reason);
    }
}
