package io.keysweep.server.autoscan;

import io.keysweep.server.autoscan.Start.Cause;
import io.keysweep.server.autoscan.Start.Outcome;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts automatic scans that no schedule makes due: scans for lack of memory, and passes for a backlog target.
 *
 * <p>Passes keep the number of dead keys (expired keys that still hold memory) below the target.
 *
 * <p>The scan and the record of its start are stored in one transaction. The scan has the timeout and the rate ceiling
 * (the maximum number of keys visited per second) of the instance's schedule. Without a schedule, it has the timeout
 * and the rate ceiling of a manual scan.
 */
@Component
class TriggeredStarts {

    private final ScanLauncher launcher;
    private final AutoScanStore configs;
    private final StartStore starts;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    TriggeredStarts(
            ScanLauncher launcher,
            AutoScanStore configs,
            StartStore starts,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.launcher = launcher;
        this.configs = configs;
        this.starts = starts;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Returns whether a scan of the instance is waiting or running. */
    boolean isScanActive(UUID instanceId) {
        return launcher.isScanActive(instanceId);
    }

    /**
     * Starts a scan because memory runs short. If a scan is not worthwhile, only records that it was skipped. In both
     * cases webhooks report that the used memory has reached its threshold.
     *
     * @param dueAt when the shortage was found
     * @param worthwhile whether the scan starts
     * @param reason why the scan is started or skipped, as a sentence for users
     * @return false if nothing was recorded, because another scan of the instance has just begun
     */
    boolean startForMemory(Instance instance, Instant dueAt, boolean worthwhile, String reason) {
        return recordUnlessActive(() -> {
            UUID scanId = worthwhile ? launch(instance, Cause.MEMORY, reason, /* pass= */ null) : null;
            Outcome outcome = worthwhile ? Outcome.STARTED : Outcome.SKIPPED;
            starts.add(
                    new Start(instance.id(), dueAt, clock.instant(), Cause.MEMORY, outcome, reason, scanId),
                    /* thresholdPassed= */ true);
        });
    }

    /**
     * Starts a pass, which keeps the number of dead keys below the backlog target.
     *
     * @param dueAt when the pass was due
     * @param limits the limits of the pass
     * @param reason why the pass starts, as a sentence for users
     * @return false if nothing was recorded, because another scan of the instance has just begun
     */
    boolean startPass(Instance instance, Instant dueAt, PassLimits limits, String reason) {
        return recordUnlessActive(() -> {
            UUID scanId = launch(instance, Cause.BACKLOG, reason, limits);
            starts.add(
                    new Start(instance.id(), dueAt, clock.instant(), Cause.BACKLOG, Outcome.STARTED, reason, scanId),
                    /* thresholdPassed= */ false);
        });
    }

    private UUID launch(Instance instance, Cause cause, String reason, @Nullable PassLimits pass) {
        return launcher.launch(instance, configs.find(instance.id()).orElse(null), cause, reason, pass);
    }

    /**
     * Runs {@code startAndRecord} in a transaction. Returns false, with nothing stored, if a scan of the instance is
     * active.
     */
    private boolean recordUnlessActive(Runnable startAndRecord) {
        try {
            transaction.executeWithoutResult(status -> startAndRecord.run());
            return true;
        } catch (RequestRefusedException e) {
            // The launch is refused if another scan of the instance is active.
            return false;
        }
    }
}
