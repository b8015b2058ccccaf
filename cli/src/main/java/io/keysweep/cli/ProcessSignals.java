package io.keysweep.cli;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets a command end in an orderly way on SIGINT (Ctrl-C), SIGTERM or SIGHUP.
 *
 * <p>These signals start the JVM's shutdown, during which the command continues. A shutdown hook runs the actions that
 * the command has registered, for example to cancel its sweep. The hook then waits until the command has ended, and
 * ends the process with the command's exit code.
 *
 * <p>Most commands register no action. The hook interrupts the thread of such a command. A thread that reads an answer
 * from the terminal ignores the interrupt, so the hook soon ends the process even if the command continues.
 *
 * <p>A second SIGINT or SIGTERM ends the process immediately, if the command has registered last actions. They run
 * first, and report what is known so far. Other commands, such as the quickstart, need their orderly end.
 *
 * <p>The thread of the command and the threads of the signals share this object. {@code actions}, {@code lastActions},
 * {@code interrupted}, {@code hasRegistered} and {@code threadInterrupted} are guarded by {@code this}.
 */
final class ProcessSignals implements Interruption {

    /**
     * Longest wait for the command's end after a signal. The quickstart takes longest, because it stops its service and
     * removes its demo keys.
     */
    private static final Duration GRACE = Duration.ofSeconds(60);

    /** Longest wait for the end of a command that has registered no action. */
    private static final Duration SHORT_GRACE = Duration.ofMillis(500);

    /**
     * Signals that end the process immediately if they arrive after the first signal. SIGHUP is not one of them,
     * because the kernel and the shell may both send it when a terminal closes.
     */
    private static final List<String> SECOND_SIGNALS = List.of("INT", "TERM");

    /**
     * Time after the first signal in which another one is regarded as the same. Programs such as {@code timeout} send a
     * signal to the process and then to its group.
     */
    private static final Duration SAME_SIGNAL = Duration.ofMillis(50);

    /** Longest wait for the last actions, because the terminal may be suspended or a reader may not read. */
    private static final Duration MAX_LAST_ACTIONS = Duration.ofSeconds(2);

    /** Thread in which the command runs. */
    private final Thread commandThread = Thread.currentThread();

    /** Actions that the command has registered and not withdrawn, in this order. */
    private final List<Runnable> actions = new ArrayList<>();

    /** Actions to run if the process must end before its command, in the order of their registration. */
    private final List<Runnable> lastActions = new ArrayList<>();

    /** Exit code of the command; not complete while the command runs. */
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    /** Whether a signal has arrived before the end of the command. */
    private boolean interrupted;

    /** Whether the command has ever registered an action, which it may have withdrawn since. */
    private boolean hasRegistered;

    /** Whether a signal has interrupted the thread of the command. */
    private boolean threadInterrupted;

    private ProcessSignals() {}

    /**
     * Registers the shutdown hook. Must be called once in a process, before a command runs, and in the thread of the
     * command.
     */
    static ProcessSignals install() {
        ProcessSignals signals = new ProcessSignals();
        Runtime.getRuntime().addShutdownHook(new Thread(signals::onShutdown, "keysweep-signals"));
        return signals;
    }

    /**
     * Ends the process with the exit code of its command, even if a signal has interrupted the command. Never returns.
     */
    void exit(int code) {
        exitCode.complete(code);
        // If a signal has already started the shutdown, this call waits for the hook, which ends the process.
        System.exit(code);
    }

    @Override
    public Registration onInterrupt(Runnable action) {
        synchronized (this) {
            hasRegistered = true;
            if (!interrupted) {
                actions.add(action);
                return () -> remove(action);
            }
        }
        action.run();
        return () -> {};
    }

    @Override
    public synchronized Registration beforeAbruptEnd(Runnable action) {
        lastActions.add(action);
        return () -> removeLast(action);
    }

    @Override
    public synchronized boolean hasInterruptedThread() {
        return threadInterrupted;
    }

    private synchronized void remove(Runnable action) {
        actions.remove(action);
    }

    private synchronized void removeLast(Runnable action) {
        lastActions.remove(action);
    }

    private void onShutdown() {
        if (exitCode.isDone()) {
            // The command has ended, and exit() has started this shutdown.
            return;
        }
        long firstSignalAt = System.nanoTime();
        LateSignals.handle(SECOND_SIGNALS, () -> onSecondSignal(firstSignalAt));
        interrupt().forEach(Runnable::run);
        // exit() would block here, because the shutdown is already running.
        Runtime.getRuntime().halt(awaitedExitCode());
    }

    private void onSecondSignal(long firstSignalAt) {
        if (System.nanoTime() - firstSignalAt >= SAME_SIGNAL.toNanos() && runLastActions()) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
    }

    /**
     * Runs the last actions, and waits for their end for a short time. Returns false if there are none, or if an
     * earlier call has run them.
     */
    private boolean runLastActions() {
        List<Runnable> actionsToRun = takeLastActions();
        if (actionsToRun.isEmpty()) {
            return false;
        }
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("keysweep-last-actions")
                .start(() -> actionsToRun.forEach(Runnable::run));
        try {
            thread.join(MAX_LAST_ACTIONS.toMillis());
        } catch (InterruptedException e) {
            // The process ends in any case.
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private synchronized List<Runnable> takeLastActions() {
        List<Runnable> actionsToRun = List.copyOf(lastActions);
        lastActions.clear();
        return actionsToRun;
    }

    /**
     * Marks the command as interrupted, and returns the actions that are registered at this moment. If the command has
     * never registered one, interrupts its thread.
     */
    private synchronized List<Runnable> interrupt() {
        interrupted = true;
        if (!hasRegistered) {
            threadInterrupted = true;
            commandThread.interrupt();
        }
        return List.copyOf(actions);
    }

    private synchronized boolean hasRegistered() {
        return hasRegistered;
    }

    /**
     * Waits for the end of the command, and returns its exit code. The wait lasts at most 60 s, or 0.5 s if the command
     * has registered no action by then. After that, the result is the exit code of an interrupted command.
     */
    private int awaitedExitCode() {
        try {
            return exitCode.get(SHORT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException e) {
            return ExitCode.INTERRUPTED.number();
        } catch (TimeoutException e) {
            // A command that was starting may have registered its action since the signal.
            if (hasRegistered()) {
                return exitCodeWithinGrace();
            }
            runLastActions();
            return ExitCode.INTERRUPTED.number();
        }
    }

    /** Waits for the end of the command during the rest of the 60 s, and returns its exit code. */
    private int exitCodeWithinGrace() {
        try {
            return exitCode.get(GRACE.minus(SHORT_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException e) {
            return ExitCode.INTERRUPTED.number();
        } catch (TimeoutException e) {
            runLastActions();
            return ExitCode.INTERRUPTED.number();
        }
    }
}
