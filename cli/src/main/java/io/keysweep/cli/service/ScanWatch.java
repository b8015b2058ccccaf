package io.keysweep.cli.service;

import io.keysweep.api.ScanView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows a scan of a service until it ends, and shows its progress. It asks the service every half second, and
 * continues if the service does not answer for up to two minutes, for example during a restart.
 */
final class ScanWatch {

    private static final long POLL_MILLIS = 500;

    /** Longest time without an answer of the service before the command gives up. */
    private static final Duration MAX_SILENCE = Duration.ofMinutes(2);

    private static final double NANOS_PER_MILLI = 1e6;

    private final CommandContext context;
    private final ServiceClient client;
    private final String scanId;

    /** Argument by which the user has named the scan or its instance. The result repeats it. */
    private final String nameOrId;

    /**
     * The latch that opens when the user presses Ctrl-C or another signal arrives. The thread of the command is then
     * interrupted, too. Between two requests the command waits for the latch, so that it ends immediately.
     */
    private final CountDownLatch interrupted = new CountDownLatch(1);

    /** Whether this process has just created the scan, which then exists even if the service does not answer yet. */
    private final boolean isNew;

    /** Reason why the scan makes no progress, as the display shows it; null if it shows none. */
    private @Nullable String shownHold;

    private ScanWatch(CommandContext context, ServiceClient client, String scanId, String nameOrId, boolean isNew) {
        this.context = context;
        this.client = client;
        this.scanId = scanId;
        this.nameOrId = nameOrId;
        this.isNew = isNew;
    }

    /**
     * Shows the progress of a scan until it ends, then writes its result. The scan continues if the user ends the wait.
     *
     * @param nameOrId argument by which the user has named the scan or its instance
     * @param quiet whether to show no progress, only the result
     * @return the exit code that says how the scan has ended
     * @throws CommandFailure if the user ends the wait, if the service refuses a request, if it does not answer the
     *     first request, or if it does not answer for two minutes later on
     */
    static ExitCode show(
            CommandContext context,
            ServiceClient client,
            String scanId,
            String nameOrId,
            boolean quiet,
            EntryOutput output)
            throws InterruptedException {
        return new ScanWatch(context, client, scanId, nameOrId, /* isNew= */ false).follow(quiet, output);
    }

    /**
     * Shows a scan that this process has just created. The rules of {@link #show} apply, except that the service need
     * not answer the first request. The service may restart at that moment, but the scan exists.
     */
    static ExitCode showNew(
            CommandContext context,
            ServiceClient client,
            String scanId,
            String nameOrId,
            boolean quiet,
            EntryOutput output)
            throws InterruptedException {
        return new ScanWatch(context, client, scanId, nameOrId, /* isNew= */ true).follow(quiet, output);
    }

    private ExitCode follow(boolean quiet, EntryOutput output) throws InterruptedException {
        Thread thread = Thread.currentThread();
        Interruption.Registration registration = context.interruption().onInterrupt(() -> {
            interrupted.countDown();
            // The command may wait for an answer of the service.
            thread.interrupt();
        });
        ScanView endedScan;
        try (ProgressDisplay display = quiet ? ProgressDisplay.silent() : ProgressDisplay.of(context)) {
            endedScan = followToEnd(display);
        } catch (InterruptedException e) {
            if (interrupted.getCount() > 0) {
                throw e;
            }
            throw noLongerWatching(e);
        } finally {
            registration.withdraw();
        }
        output.writeOne(context, endedScan, ScanTable.withIds(), scan -> ScanLines.lines(scan, nameOrId));
        return exitCode(endedScan);
    }

    /** Creates the exception for a user who stops watching; its message says that the scan continues. */
    private CommandFailure noLongerWatching(@Nullable InterruptedException cause) {
        String message = "no longer watching. The scan goes on: 'keysweep scans watch " + scanId
                + "' shows it again, 'keysweep scans cancel " + scanId + "' ends it";
        return cause == null
                ? new CommandFailure(ExitCode.INTERRUPTED, message)
                : new CommandFailure(ExitCode.INTERRUPTED, message, cause);
    }

    /** Returns the exit code for a scan that has ended. */
    private static ExitCode exitCode(ScanView scan) {
        return switch (scan.ending()) {
            case "success" -> ExitCode.DONE;
            case "cancelled" -> ExitCode.INTERRUPTED;
            case "expired" -> ExitCode.TIMED_OUT;
            case null, default -> ExitCode.FAILED;
        };
    }

    /** Asks for the scan and updates the display until the scan has ended. Returns the ended scan. */
    private ScanView followToEnd(ProgressDisplay display) throws InterruptedException {
        Instant lastAnswer = context.clock().instant();
        ScanView scan = isNew ? poll(lastAnswer) : client.scan(scanId);
        // Before the start, the number of keys is not known.
        display.begin(/* totalKeys= */ 0);
        while (true) {
            if (scan != null) {
                update(display, scan);
                if (scan.finishedAt() != null) {
                    return scan;
                }
            }
            if (interrupted.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw noLongerWatching(/* cause= */ null);
            }
            ScanView answer = poll(lastAnswer);
            if (answer != null) {
                scan = answer;
                lastAnswer = context.clock().instant();
            }
        }
    }

    /**
     * Asks for a scan that is known to exist. Returns null if the service does not answer, perhaps because it restarts.
     *
     * @param lastAnswer time of the last answer of the service
     * @throws CommandFailure if the service refuses the request, or if its last answer was two minutes ago
     */
    private @Nullable ScanView poll(Instant lastAnswer) throws InterruptedException {
        try {
            return client.scan(scanId);
        } catch (CommandFailure e) {
            // Waiting does not help against other errors, such as a refused access key.
            boolean mayAnswerLater = e.exitCode() == ExitCode.UNREACHABLE
                    && context.clock().instant().isBefore(lastAnswer.plus(MAX_SILENCE));
            if (mayAnswerLater) {
                return null;
            }
            throw new CommandFailure(
                    e.exitCode(), "the progress of scan " + scanId + " cannot be shown: " + e.getMessage(), e);
        }
    }

    /**
     * Returns a text that says that assist runs on a primary; null if no primary is assisted. During assist, the sweep
     * of the primary sends no steps.
     */
    private static @Nullable String assistText(ScanView scan) {
        boolean assists = scan.sweeps().stream()
                .anyMatch(sweep -> !sweep.finished()
                        && sweep.assist() != null
                        && sweep.assist().ending() == null);
        return assists ? "assist: the server removes expired keys itself, at raised settings" : null;
    }

    /** Returns why the scan sends no steps; null if it sends steps. */
    private static @Nullable String holdText(ScanView scan) {
        if (scan.hold() != null) {
            return scan.hold();
        }
        return scan.status().equals("waiting") ? "waits for a worker" : assistText(scan);
    }

    private void update(ProgressDisplay display, ScanView scan) {
        String hold = holdText(scan);
        display.update(new ProgressSnapshot(
                scan.fraction(),
                scan.visited(),
                scan.reclaimed(),
                Duration.ofNanos(Math.round(scan.longestStallMs() * NANOS_PER_MILLI)),
                scan.remainingSeconds() == null ? null : Duration.ofSeconds(scan.remainingSeconds()),
                /* slowed= */ null,
                shownHold));
        if (!Objects.equals(hold, shownHold)) {
            shownHold = hold;
            display.hold(hold);
        }
    }
}
