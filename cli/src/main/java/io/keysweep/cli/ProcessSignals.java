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
 * Lets a command end in an orderly way on SIGINT, SIGTERM or SIGHUP. These signals start the JVM's shutdown. A shutdown
 * hook runs the actions that the command has registered, waits until the command has ended, and ends the process with
 * the command's exit code.
 *
 * <p>The thread of the command and the thread of the hook share this object. {@code actions} and {@code interrupted}
 * are guarded by {@code this}.
 */
final class ProcessSignals implements Interruption {

    /**
     * Longest wait for the command's end after a signal. It is enough to stop the service of the quickstart and to
     * remove its demo keys.
     */
    private static final long GRACE_SECONDS = 60;

    private final List<Runnable> actions = new ArrayList<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private boolean interrupted;

    private ProcessSignals() {}

    static ProcessSignals install() {
        ProcessSignals signals = new ProcessSignals();
        Runtime.getRuntime().addShutdownHook(new Thread(signals::onShutdown, "keysweep-signals"));
        return signals;
    }

    /** Ends the process with an exit code, also if a signal has interrupted it. */
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
            return;
        }
        interrupt().forEach(Runnable::run);
        // exit() would block here, because the shutdown is already running.
        Runtime.getRuntime().halt(awaitedExitCode());
    }

    private synchronized List<Runnable> interrupt() {
        interrupted = true;
        return List.copyOf(actions);
    }

    private int awaitedExitCode() {
        try {
            return exitCode.get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            return ExitCode.INTERRUPTED.number();
        }
    }
}
