package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep access-keys}: who may call for a project. */
@Command(
        name = "access-keys",
        synopsisSubcommandLabel = "COMMAND",
        description = "Lists, makes and withdraws the access keys of a project.")
public final class AccessKeysCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private AccessKeysCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new AccessKeysCommand(shell))
                .addSubcommand(new AccessKeysListCommand(shell))
                .addSubcommand(new AccessKeysCreateCommand(shell))
                .addSubcommand(new AccessKeysWithdrawCommand(shell));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
