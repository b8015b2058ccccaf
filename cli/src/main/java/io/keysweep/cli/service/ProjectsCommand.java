package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep projects}: what owns instances and access keys. */
@Command(
        name = "projects",
        synopsisSubcommandLabel = "COMMAND",
        description = "Lists, makes, renames and deletes projects.")
public final class ProjectsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private ProjectsCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new ProjectsCommand(shell))
                .addSubcommand(new ProjectsListCommand(shell))
                .addSubcommand(new ProjectsCreateCommand(shell))
                .addSubcommand(new ProjectsRenameCommand(shell))
                .addSubcommand(new ProjectsDeleteCommand(shell));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
