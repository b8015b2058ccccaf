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
 * Follows a scan of a service until it ends. It asks the service every half second, and outlives a restart of the service
 * of up to two minutes.
 */
final class ScanWatch {

    private static final long POLL_MILLIS = 500;
    private static final Duration MAX_SILENCE = Duration.ofMinutes(2);
    private static final double NANOS_PER_MILLI = 1e6;

    private final CommandContext context;
    private final ServiceClient client;
    private final String scanId;
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private @Nullable String shownHold;

    private ScanWatch(CommandContext context, ServiceClient client, String scanId) {
        this.context = context;
        this.client = client;
        this.scanId = scanId;
    }

    /**
     * Shows the progress of a scan until it ends, then writes its result.
     *
     * @return the exit code that says how the scan has ended
     * @throws CommandFailure if the user ends the wait, or if the service does not answer
     */
    static ExitCode show(CommandContext context, ServiceClient client, String scanId, boolean quiet, EntryOutput output)
            throws InterruptedException {
        ScanWatch watch = new ScanWatch(context, client, scanId);
        Interruption.Registration registration = context.interruption().onInterrupt(watch.interrupted::countDown);
        ScanView ended;
        try (ProgressDisplay display = quiet ? ProgressDisplay.silent() : ProgressDisplay.of(context)) {
            ended = watch.untilEnd(display);
        } finally {
            registration.withdraw();
        }
        output.writeOne(context, ended, ScanTable.withIds(), ScanLines::lines);
        return exitCode(ended);
    }

    static ExitCode exitCode(ScanView ended) {
        if (ended.status().equals("success")) {
            return ExitCode.DONE;
        }
        String failure = Objects.requireNonNullElse(ended.failure(), "");
        if (failure.startsWith("Cancelled")) {
            return ExitCode.INTERRUPTED;
        }
        return failure.startsWith("Timed out") ? ExitCode.TIMED_OUT : ExitCode.FAILED;
    }

    private ScanView untilEnd(ProgressDisplay display) throws InterruptedException {
        ScanView scan = client.scan(scanId);
        // Before the start, the number of keys is not known.
        display.begin(0);
        Instant lastAnswer = context.clock().instant();
        while (true) {
            update(display, scan);
            if (scan.finishedAt() != null) {
                return scan;
            }
            if (interrupted.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new CommandFailure(
                        ExitCode.INTERRUPTED,
                        "no longer watching. The scan goes on: 'keysweep scans watch " + scanId
                                + "' shows it again, 'keysweep scans cancel " + scanId + "' ends it");
            }
            try {
                scan = client.scan(scanId);
                lastAnswer = context.clock().instant();
            } catch (CommandFailure e) {
                boolean restarting = e.exitCode() == ExitCode.UNREACHABLE
                        && context.clock().instant().isBefore(lastAnswer.plus(MAX_SILENCE));
                if (!restarting) {
                    throw e;
                }
            }
        }
    }

    private void update(ProgressDisplay display, ScanView scan) {
        String hold = scan.status().equals("waiting") && scan.hold() == null ? "waits for a worker" : scan.hold();
        display.update(new ProgressSnapshot(
                scan.fraction(),
                scan.visited(),
                scan.reclaimed(),
                Duration.ofNanos(Math.round(scan.longestStallMs() * NANOS_PER_MILLI)),
                scan.remainingSeconds() == null ? null : Duration.ofSeconds(scan.remainingSeconds()),
                null,
                shownHold));
        if (!Objects.equals(hold, shownHold)) {
            shownHold = hold;
            display.hold(hold);
        }
    }
}
