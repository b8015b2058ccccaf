package io.keysweep.cli.shell;

/**
 * Signals that a command cannot do what the user asked for. The user sees the message, with a stack trace only if
 * {@code --debug} is given.
 */
public class CommandFailure extends RuntimeException {

    private final ExitCode exitCode;

    /**
     * Creates a failure without a cause.
     *
     * @param exitCode exit code of the process
     * @param message what is wrong and what the user can do about it, in a sentence or two
     */
    public CommandFailure(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Creates a failure with a cause, which {@code --debug} shows. */
    public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Returns the exit code of the process. */
    public final ExitCode exitCode() {
        return exitCode;
    }
}
