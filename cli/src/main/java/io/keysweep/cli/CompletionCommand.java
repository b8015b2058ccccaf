package io.keysweep.cli;

import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keysweep completion}: lets the shell complete our commands and options. */
@Command(
        name = "completion",
        description = {"Writes a completion script for bash and zsh.", "To use it: source <(keysweep completion)"})
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
