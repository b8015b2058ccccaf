package io.keysweep.cli.completion;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code keysweep completion}, which prints the completion script of a shell. Calls no service. */
@Command(
        name = "completion",
        description = {
            "Writes a script that completes commands, options, names and ids in a shell.",
            "bash: source <(keysweep completion bash)",
            "zsh: source <(keysweep completion zsh)",
            "fish: keysweep completion fish | source"
        })
public final class CompletionCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SHELL", arity = "0..1", description = "bash, zsh or fish. Default: bash")
    private String shell = "bash";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final CommandContext context;

    /** Creates the command. */
    public CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String candidates = CandidatesScript.of(spec.root());
        context.out()
                .print(
                        switch (shell) {
                            case "bash" -> CompletionScripts.bash(candidates);
                            case "zsh" -> CompletionScripts.zsh(candidates);
                            case "fish" -> CompletionScripts.fish(candidates);
                            default ->
                                throw new CommandFailure(
                                        ExitCode.USAGE, "SHELL is '" + shell + "', must be bash, zsh or fish");
                        });
        context.out().flush();
        return ExitCode.DONE.number();
    }
}
