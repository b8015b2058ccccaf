package io.keysweep.server.scan;

import io.keysweep.server.budget.Permits;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.sweep.SweepStore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Pauses, resumes, cancels and tunes one scan, whatever process runs its sweeps. Every method refuses a scan that has
 * ended. Safe to share.
 */
@Service
public class ScanControls {

    private static final Logger LOG = LoggerFactory.getLogger(ScanControls.class);

    private final InstructionStore instructions;
    private final InstructionWriter writer;
    private final ScanStore scans;
    private final SweepStore sweeps;
    private final RunningSweeps running;
    private final Permits permits;
    private final TransactionTemplate transaction;

    ScanControls(
            InstructionStore instructions,
            InstructionWriter writer,
            ScanStore scans,
            SweepStore sweeps,
            RunningSweeps running,
            Permits permits,
            TransactionTemplate transaction) {
        this.instructions = instructions;
        this.writer = writer;
        this.scans = scans;
        this.sweeps = sweeps;
        this.running = running;
        this.permits = permits;
        this.transaction = transaction;
    }

    /** Keeps a scan from doing steps until it is resumed. */
    public void pause(UUID scanId, Intervention intervention) {
        requireActive(scanId, writer.pause(scanId, intervention), "paused");
        LOG.info("Scan {} paused {}", scanId, intervention);
        running.poll();
    }

    /** Ends a scan's own pause; a hold of its project and the global hold stay. */
    public void resume(UUID scanId, Intervention intervention) {
        requireActive(scanId, writer.resume(scanId), "resumed");
        LOG.info("Scan {} resumed {}", scanId, intervention);
        running.wake(scanId);
    }

    /** Ends a waiting scan at once, and a running one within a step of its workers. */
    public void cancel(UUID scanId, Intervention intervention) {
        boolean active = Boolean.TRUE.equals(transaction.execute(status -> {
            if (!writer.cancel(scanId, intervention)) {
                return false;
            }
            String failure = intervention.cancelled();
            if (scans.endWaiting(scanId, failure, intervention.at())) {
                sweeps.abandon(scanId, failure);
                permits.releaseAll(scanId);
            }
            return true;
        }));
        requireActive(scanId, active, "cancelled");
        LOG.info("Scan {} cancelled {}", scanId, intervention);
        running.wake(scanId);
    }

    /**
     * Changes the pace of a scan.
     *
     * @param expected the version that the caller has seen, or null for any
     */
    public void tune(UUID scanId, PaceChange change, @Nullable Integer expected, Intervention intervention) {
        if (!writer.tune(scanId, change, expected, intervention)) {
            requireActive(scanId, scans.active(scanId), "tuned");
            throw EntityTag.stale(
                    expected,
                    instructions.find(scanId).map(ScanInstructions::version).orElse(0),
                    "the scan");
        }
        LOG.info("Scan {} tuned {}", scanId, intervention);
        running.poll();
    }

    private static void requireActive(UUID scanId, boolean active, String verb) {
        if (!active) {
            throw RequestRefusedException.of(
                    ErrorCode.SCAN_ENDED,
                    "id is '" + scanId + "', must be that of a scan that waits or runs to be " + verb + ".");
        }
    }
}
