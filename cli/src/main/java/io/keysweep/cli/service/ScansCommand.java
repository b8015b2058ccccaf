package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep scans}: the scans of a service. */
@Command(
        name = "scans",
        synopsisSubcommandLabel = "COMMAND",
        description = "Creates scans on a service, shows how they go, and controls them.")
public final class ScansCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private ScansCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new ScansCommand(shell))
                .addSubcommand(new ScansCreateCommand(shell))
                .addSubcommand(new ScansGetCommand(shell))
                .addSubcommand(new ScansListCommand(shell))
                .addSubcommand(new ScansPauseCommand(shell))
                .addSubcommand(new ScansResumeCommand(shell))
                .addSubcommand(new ScansCancelCommand(shell))
                .addSubcommand(new ScansTuneCommand(shell));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
