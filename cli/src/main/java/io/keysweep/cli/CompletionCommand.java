package io.keysweep.cli;

import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Implements {@code keysweep completion}, which writes the script by which a shell completes commands and options. */
@Command(
        name = "completion",
        description = {"Writes a completion script for bash and zsh.", "Use it with: source <(keysweep completion)"})
final class CompletionCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Shell shell;

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        shell.out().println(AutoComplete.bash(root.name(), root.commandLine()));
        return 0;
    }
}
