package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Writes the failure of a command to standard error and chooses the exit code. Picocli, the library that parses the
 * command line, calls it for every exception that a command throws.
 */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final CommandContext context;
    private final BooleanSupplier debug;

    /**
     * Creates a report.
     *
     * @param debug returns whether {@code --debug} is given; called when a command has failed, because the options have
     *     not been parsed before
     */
    FailureReport(CommandContext context, BooleanSupplier debug) {
        this.context = context;
        this.debug = debug;
    }

    /** Reports an exception of a running command in one line, and with {@code --debug} its stack trace. */
    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        // An interrupt can make any call fail. Then the interrupt is the reason to report.
        Exception reason = context.interruption().hasInterruptedThread() ? new InterruptedException() : failure;
        ExitCode code = exitCode(reason);
        context.err().println("keysweep: " + message(reason));
        if (debug.getAsBoolean()) {
            failure.printStackTrace(context.err());
        }
        context.err().flush();
        return code.number();
    }

    /**
     * Reports arguments that are not valid: what is wrong, similar names of options and commands, and how to get help.
     * Arguments such as {@code scans help create} show the help instead.
     */
    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        CommandLine commandOfHelp =
                commandToExplain(command.getCommandSpec().root().commandLine(), arguments);
        if (commandOfHelp != null) {
            commandOfHelp.usage(context.out());
            return ExitCode.DONE.number();
        }
        context.err().println("keysweep: " + ForeignText.line(ArgumentProblem.of(failure)));
        String suggestion = ArgumentProblem.suggestion(failure);
        if (suggestion != null) {
            context.err().println(suggestion);
        }
        context.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        context.err().flush();
        return ExitCode.USAGE.number();
    }

    /**
     * Returns the command whose help the arguments ask for: the words of a group, {@code help}, and perhaps the words
     * of one of its commands. Returns null for all other arguments. Groups have no subcommand {@code help} of their
     * own, because 30 more commands would make every start slower.
     */
    private static @Nullable CommandLine commandToExplain(CommandLine root, String[] arguments) {
        CommandLine command = root;
        boolean asksForHelp = false;
        for (String argument : arguments) {
            CommandLine subcommand = command.getSubcommands().get(argument);
            if (subcommand != null) {
                command = subcommand;
            } else if (argument.equals("help")
                    && !asksForHelp
                    && !command.getSubcommands().isEmpty()) {
                asksForHelp = true;
            } else {
                return null;
            }
        }
        return asksForHelp ? command : null;
    }

    static ExitCode exitCode(Exception failure) {
        return ExitCode.of(failure);
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case CommandFailure expected -> String.valueOf(expected.getMessage());
            case NodeRefusedException refused -> ForeignText.line(String.valueOf(refused.getMessage()));
            case InterruptedException interrupted -> "interrupted";
            case ExecutionException error
            when error.getCause() instanceof Error ->
                "failed unexpectedly: " + ForeignText.line(String.valueOf(error.getMessage()))
                        + ". Has its memory run out, or was Keysweep replaced meanwhile? --debug shows where it"
                        + " happened.";
            default ->
                "failed unexpectedly: " + failure + ". This is a bug in Keysweep; --debug shows where it happened.";
        };
    }
}
