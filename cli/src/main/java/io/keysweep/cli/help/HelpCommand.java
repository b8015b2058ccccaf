package io.keysweep.cli.help;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code keysweep help}, which shows the usage of a command, as {@code COMMAND --help} does. */
@Command(name = "help", description = "Shows the help of a command: 'keysweep help scans create'.")
public final class HelpCommand implements Callable<Integer> {

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "words of the command. Default: all commands")
    private List<String> words = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final CommandContext context;

    /** Creates the command. */
    public HelpCommand(CommandContext context) {
        this.context = context;
    }

    /**
     * Writes the usage of the command that the words name, one word for each level, to standard output.
     *
     * @throws ParameterException if there is no such command
     */
    @Override
    public Integer call() {
        CommandLine command = spec.root().commandLine();
        for (String word : words) {
            CommandLine subcommand = command.getSubcommands().get(word);
            if (subcommand == null) {
                throw new ParameterException(
                        command, "there is no command '" + String.join(" ", words) + "'", /* argSpec= */ null, word);
            }
            command = subcommand;
        }
        command.usage(context.out());
        return ExitCode.DONE.number();
    }
}
