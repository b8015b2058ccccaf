package io.keysweep.cli.shell;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Implements commands that have only subcommands, such as {@code keysweep scans}. Without a subcommand, such a command
 * writes its usage to standard error and exits with {@link ExitCode#USAGE}.
 */
@Command(synopsisSubcommandLabel = "COMMAND")
public abstract class CommandGroup implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final CommandContext context;

    /** Creates a group that writes its usage to the standard error of {@code context}. */
    protected CommandGroup(CommandContext context) {
        this.context = context;
    }

    /** Returns the group as a picocli command that has the given subcommands, in this order. */
    protected final CommandLine with(Object... subcommands) {
        CommandLine group = new CommandLine(this);
        for (Object subcommand : subcommands) {
            group.addSubcommand(subcommand);
        }
        return group;
    }

    /** Writes the usage. Picocli calls this method only if the user has named no subcommand. */
    @Override
    public final Integer call() {
        spec.commandLine().usage(context.err());
        return ExitCode.USAGE.number();
    }
}
