package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep schedules}: when scans of an instance start by themselves. */
@Command(
        name = "schedules",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows, sets and switches off when scans of an instance start by themselves.")
public final class SchedulesCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private SchedulesCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new SchedulesCommand(shell))
                .addSubcommand(new SchedulesGetCommand(shell))
                .addSubcommand(new SchedulesSetCommand(shell))
                .addSubcommand(new SchedulesOffCommand(shell));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
