package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
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
        return switch (failure) {
            case CommandFailure expected -> expected.exitCode();
            case NodeRefusedException refused -> exitCode(refused.reason());
            case InterruptedException interrupted -> ExitCode.INTERRUPTED;
            default -> ExitCode.FAILED;
        };
    }

    static ExitCode exitCode(NodeRefusedException.Reason reason) {
        return switch (reason) {
            case UNREACHABLE, NOT_REDIS, OTHER_DEPLOYMENT, TOPOLOGY_UNCLEAR, LOADING -> ExitCode.UNREACHABLE;
            case AUTHENTICATION_REQUIRED, WRONG_CREDENTIALS, COMMAND_FORBIDDEN -> ExitCode.DENIED;
            case ADDRESS_DENIED,
                    REPLICA,
                    REPLICA_WITHOUT_PRIMARY,
                    HANDED_OVER,
                    TOO_OLD,
                    NOT_RECLAIMING,
                    OVERLOADED ->
                ExitCode.NOT_SWEEPABLE;
        };
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case CommandFailure expected -> String.valueOf(expected.getMessage());
            case NodeRefusedException refused -> String.valueOf(refused.getMessage());
            case InterruptedException interrupted -> "interrupted";
            default ->
                "failed unexpectedly: " + failure + ". This is a bug in Keysweep; --debug shows where it happened.";
        };
    }
}
