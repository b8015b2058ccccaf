package io.keysweep.cli;

import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.Waits;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a command of this process in a separate thread, so that the test can act while the command runs. */
final class BackgroundCommand {

    private final String line;
    private final TestShell shell;
    private final FutureTask<Integer> run;

    private BackgroundCommand(String line, TestShell shell, FutureTask<Integer> run) {
        this.line = line;
        this.shell = shell;
        this.run = run;
    }

    static BackgroundCommand start(TestShell shell, String... arguments) {
        FutureTask<Integer> run = new FutureTask<>(() -> KeysweepCommand.run(shell.context(), arguments));
        Thread.ofPlatform().daemon().name("background-command").start(run);
        return new BackgroundCommand(Arrays.toString(arguments), shell, run);
    }

    /**
     * Waits until the command has written a text to its error stream.
     *
     * @throws IllegalStateException if the command ends without it
     */
    void awaitErr(String text) {
        Waits.await("the command writes '" + text + "'").untilAsserted(() -> {
            // The state must be read before the text, because the command may write the text and end in between.
            boolean hasEnded = run.isDone();
            if (shell.err().contains(text)) {
                return;
            }
            if (hasEnded) {
                throw new IllegalStateException("without '" + text + "', " + description());
            }
            throw new AssertionError(description());
        });
    }

    /** Waits until the command has ended, and returns its exit code. */
    int exitCode() throws Exception {
        try {
            return run.get(3, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new IllegalStateException(description(), e);
        }
    }

    /** Returns how far the command is and what it has written, for the message of a failure. */
    String description() {
        String state = run.isDone() ? "has ended: " + result() : "runs";
        return "the command " + line + " " + state + "\nout: " + shell.out() + "\nerr: " + shell.err();
    }

    private String result() {
        return switch (run.state()) {
            case SUCCESS -> "exit code " + run.resultNow();
            case FAILED -> String.valueOf(run.exceptionNow());
            case CANCELLED, RUNNING -> run.state().toString();
        };
    }
}
