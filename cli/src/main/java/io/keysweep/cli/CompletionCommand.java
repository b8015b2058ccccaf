package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Implements {@code keysweep completion}, which prints a script that lets bash and zsh complete commands and options.
 */
@Command(
        name = "completion",
        description = {"Writes a completion script for bash and zsh.", "Use it with: source <(keysweep completion)"})
final class CompletionCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final CommandContext context;

    CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        context.out().println(AutoComplete.bash(root.name(), root.commandLine()));
        return 0;
    }
}
