package io.keysweep.cli;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets a command end in an orderly way on SIGINT (Ctrl-C), SIGTERM or SIGHUP.
 *
 * <p>These signals start the JVM's shutdown, and the command continues meanwhile. A shutdown hook runs the actions that
 * the command has registered, for example to cancel its sweep. The hook then waits until the command has ended, and
 * ends the process with the command's exit code.
 *
 * <p>The thread of the command and the thread of the hook share this object. {@code actions} and {@code interrupted}
 * are guarded by {@code this}.
 */
final class ProcessSignals implements Interruption {

    /**
     * Longest wait for the command's end after a signal. The quickstart takes longest to end: it stops its service and
     * removes its demo keys.
     */
    private static final long GRACE_SECONDS = 60;

    private final List<Runnable> actions = new ArrayList<>();

    /** Exit code of the command; not complete while the command runs. */
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    /** Whether a signal has arrived before the end of the command. */
    private boolean interrupted;

    private ProcessSignals() {}

    /** Registers the shutdown hook. Must be called once in a process, before a command runs. */
    static ProcessSignals install() {
        ProcessSignals signals = new ProcessSignals();
        Runtime.getRuntime().addShutdownHook(new Thread(signals::onShutdown, "keysweep-signals"));
        return signals;
    }

    /**
     * Ends the process with the exit code of its command, also if a signal has interrupted the command. Never returns.
     */
    void exit(int code) {
        exitCode.complete(code);
        // If a signal has already started the shutdown, this call waits for the hook, which ends the process.
        System.exit(code);
    }

    @Override
    public Registration onInterrupt(Runnable action) {
        synchronized (this) {
            if (!interrupted) {
                actions.add(action);
                return () -> remove(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void remove(Runnable action) {
        actions.remove(action);
    }

    private void onShutdown() {
        if (exitCode.isDone()) {
            // The command has ended, and exit() has started this shutdown.
            return;
        }
        interrupt().forEach(Runnable::run);
        // exit() would block here, because the shutdown is already running.
        Runtime.getRuntime().halt(awaitedExitCode());
    }

    /** Marks the command as interrupted, and returns the actions that are registered at this moment. */
    private synchronized List<Runnable> interrupt() {
        interrupted = true;
        return List.copyOf(actions);
    }

    /**
     * Waits for the end of the command, and returns its exit code. If the command has not ended after 60 s, returns the
     * exit code of an interrupted command.
     */
    private int awaitedExitCode() {
        try {
            return exitCode.get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            return ExitCode.INTERRUPTED.number();
        }
    }
}
