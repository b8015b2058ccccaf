package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep webhooks}: where a project's notices go. */
@Command(
        name = "webhooks",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Lists, makes, changes and tries out the webhooks of a project, and shows what became of their notices.")
public final class WebhooksCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private WebhooksCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new WebhooksCommand(shell))
                .addSubcommand(new WebhooksListCommand(shell))
                .addSubcommand(new WebhooksCreateCommand(shell))
                .addSubcommand(new WebhooksUpdateCommand(shell))
                .addSubcommand(new WebhooksDeleteCommand(shell))
                .addSubcommand(new WebhooksTestCommand(shell))
                .addSubcommand(new WebhooksRotateCommand(shell))
                .addSubcommand(new WebhooksDeliveriesCommand(shell))
                .addSubcommand(new WebhooksRedeliverCommand(shell));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
