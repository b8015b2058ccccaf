package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Writes the failure of a command to standard error and chooses the exit code. Shows a stack trace only with {@code
 * --debug}.
 */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final CommandContext context;
    private final BooleanSupplier debug;

    FailureReport(CommandContext context, BooleanSupplier debug) {
        this.context = context;
        this.debug = debug;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        ExitCode code = exitCode(failure);
        context.err().println("keysweep: " + message(failure));
        if (debug.getAsBoolean()) {
            failure.printStackTrace(context.err());
        }
        context.err().flush();
        return code.number();
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        context.err().println("keysweep: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        context.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        context.err().flush();
        return ExitCode.USAGE.number();
    }

    static ExitCode exitCode(Exception failure) {
        return ExitCode.of(failure);
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case CommandFailure expected -> String.valueOf(expected.getMessage());
            case NodeRefusedException refused -> ForeignText.line(String.valueOf(refused.getMessage()));
            case InterruptedException interrupted -> "interrupted";
            default ->
                "failed unexpectedly: " + failure + ". This is a bug in Keysweep; --debug shows where it happened.";
        };
    }
}
