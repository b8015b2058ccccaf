package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep windows}, {@code start-policies} and {@code budgets}: the same three commands for each. */
@Command(synopsisSubcommandLabel = "COMMAND")
public final class PolicyCommands implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    private PolicyCommands(Shell shell) {
        this.shell = shell;
    }

    /** Adds all of them to the commands of the command line. */
    public static void addTo(CommandLine commandLine, Shell shell) {
        for (PolicyType kind : PolicyType.values()) {
            commandLine.addSubcommand(kind.command(), withSubcommands(kind, shell));
        }
    }

    static CommandLine withSubcommands(PolicyType kind, Shell shell) {
        CommandLine commands = new CommandLine(new PolicyCommands(shell))
                .addSubcommand(described("Shows", kind, new PolicyGetCommand(shell, kind)))
                .addSubcommand(described("Sets", kind, new PolicySetCommand(shell, kind)))
                .addSubcommand(described("No longer sets", kind, new PolicyRemoveCommand(shell, kind)));
        commands.getCommandSpec()
                .usageMessage()
                .description("Shows, sets and removes " + kind.meaning()
                        + (kind == PolicyType.BUDGET
                                ? "."
                                : ": the default of a project, the exception of an instance."));
        return commands;
    }

    private static CommandLine described(String verb, PolicyType kind, PolicyCommand command) {
        CommandLine line = new CommandLine(command);
        CommandSpec spec = line.getCommandSpec();
        if (kind == PolicyType.BUDGET) {
            spec.remove(spec.findOption("--instance"));
        }
        spec.usageMessage().description(verb + " " + kind.meaning() + ".");
        return line;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.err());
        return ExitCode.USAGE.number();
    }
}
