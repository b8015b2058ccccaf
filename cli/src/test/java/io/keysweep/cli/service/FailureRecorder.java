package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Records the exception that a command has thrown, so that a test can check it. */
final class FailureRecorder implements IExecutionExceptionHandler {

    /** An exit code that no command has; it means that the command threw {@link #latest}. */
    static final int THREW = 99;

    private @Nullable Exception latest;

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        latest = thrown;
        return THREW;
    }

    /** Returns the latest exception, or null if there was none. */
    @Nullable Exception latest() {
        return latest;
    }
}
