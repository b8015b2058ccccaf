package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep instances}: the servers that a service knows. */
@Command(
        name = "instances",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Lists, adds, changes, tries out, estimates and removes the servers that a service knows, one by one or from a file.")
public final class InstancesCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private InstancesCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new InstancesCommand(shell))
                .addSubcommand(new InstancesListCommand(shell))
                .addSubcommand(new InstancesAddCommand(shell))
                .addSubcommand(new InstancesUpdateCommand(shell))
                .addSubcommand(new InstancesTestCommand(shell))
                .addSubcommand(new InstancesApplyCommand(shell))
                .addSubcommand(new InstancesRemoveCommand(shell))
                .addSubcommand(new InstancesEstimateCommand(shell));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
