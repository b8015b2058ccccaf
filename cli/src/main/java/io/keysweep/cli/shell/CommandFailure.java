package io.keysweep.cli.shell;

/** A command can't do what it was asked for; the message is all that the user gets to see. */
public class CommandFailure extends RuntimeException {

    private final ExitCode exitCode;

    /**
     * @param exitCode what the process exits with
     * @param message what is wrong and what to do about it, in a sentence or two
     */
    public CommandFailure(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The same, with what lies behind it for {@code --debug}. */
    public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What the process exits with. */
    public final ExitCode exitCode() {
        return exitCode;
    }
}
