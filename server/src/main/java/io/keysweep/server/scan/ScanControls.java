package io.keysweep.server.scan;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.budget.Permits;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Pauses, resumes, cancels and tunes scans on behalf of the native API and the console.
 *
 * <p>To tune a scan is to change its pace. Each method stores the request in the row of the scan, and adds it to the
 * timeline of the scan and to the audit log in the same transaction. The sweeps of the scan (each visits one primary)
 * can run in any process: this process applies the request immediately, and other processes poll for it every 100 ms.
 * An {@link Intervention} names who makes the request, why and when.
 *
 * <p>Every public method throws a {@link RequestRefusedException} if the scan has ended or does not exist. Thread-safe.
 */
@Service
public class ScanControls {

    private static final Logger LOG = LoggerFactory.getLogger(ScanControls.class);

    private final InstructionStore instructions;
    private final InstructionWriter writer;
    private final ScanStore scans;
    private final ScanTransitions transitions;
    private final SweepStore sweeps;
    private final RunningSweeps running;
    private final Permits permits;
    private final ScanCeilings scanCeilings;
    private final Timeline timeline;
    private final TransactionTemplate transaction;

    ScanControls(
            InstructionStore instructions,
            InstructionWriter writer,
            ScanStore scans,
            ScanTransitions transitions,
            SweepStore sweeps,
            RunningSweeps running,
            Permits permits,
            ScanCeilings scanCeilings,
            Timeline timeline,
            TransactionTemplate transaction) {
        this.instructions = instructions;
        this.writer = writer;
        this.scans = scans;
        this.transitions = transitions;
        this.sweeps = sweeps;
        this.running = running;
        this.permits = permits;
        this.scanCeilings = scanCeilings;
        this.timeline = timeline;
        this.transaction = transaction;
    }

    /**
     * Pauses a scan: its sweeps send no steps (calls that visit keys) until it is resumed. The timeout of the scan
     * continues to run. If the scan is paused already, the new pause replaces the old one: who paused it, why and when.
     */
    public void pause(UUID scanId, Intervention intervention) {
        boolean isActive = changeAndRecord(() -> writer.pause(scanId, intervention), () -> {
            audit(scanId, /* before= */ null, new AuditFields().with("paused", true));
            // The new pause replaces an earlier one, whose event would otherwise remain open.
            timeline.close(scanId, Set.of(EventType.PAUSED), /* nodeId= */ null, intervention.at());
            timeline.add(event(scanId, EventType.PAUSED, intervention));
        });
        requireActive(scanId, isActive, "paused");
        LOG.info("Scan {} paused {}", scanId, intervention);
        running.poll();
    }

    /**
     * Ends the pause of the scan itself. A project hold or the global hold still stops its sweeps. If the scan is not
     * paused, only the version of its instructions rises, and nothing is recorded.
     */
    public void resume(UUID scanId, Intervention intervention) {
        boolean isActive = changeAndRecord(() -> writer.resume(scanId), () -> {
            // A pause has an open event. If this call closes an event, the scan was paused. A request to resume a scan
            // that is not paused is no error, but adds no event.
            boolean wasPaused = timeline.close(scanId, Set.of(EventType.PAUSED), /* nodeId= */ null, intervention.at());
            if (wasPaused) {
                audit(scanId, new AuditFields().with("paused", true), /* after= */ null);
                timeline.add(event(scanId, EventType.RESUMED, intervention));
            }
        });
        requireActive(scanId, isActive, "resumed");
        LOG.info("Scan {} resumed {}", scanId, intervention);
        running.wake(scanId);
    }

    /**
     * Ends a scan as failed; the result includes the keys that it has reclaimed.
     *
     * <p>A scan that no worker has begun ends in this call. Otherwise this call only stores the request: the workers
     * end the sweeps after the step that has begun (a call that visits keys), and then the scan.
     */
    public void cancel(UUID scanId, Intervention intervention) {
        BooleanSupplier change = () -> {
            // Workers lock a sweep first, and then the scan and its timeline. This method must do the same, because the
            // opposite order could cause a deadlock.
            sweeps.lock(scanId);
            return writer.cancel(scanId, intervention);
        };
        boolean isActive = changeAndRecord(change, () -> {
            audit(scanId, /* before= */ null, new AuditFields().with("cancelled", true));
            timeline.add(event(scanId, EventType.CANCELLED, intervention));
            String failure = intervention.failureText();
            boolean hasEnded = transitions.endWaiting(scanId, failure, intervention.at());
            if (hasEnded) {
                sweeps.abandon(scanId, failure);
                permits.releaseAll(scanId);
            }
        });
        requireActive(scanId, isActive, "cancelled");
        LOG.info("Scan {} cancelled {}", scanId, intervention);
        running.wake(scanId);
    }

    /**
     * Changes the pace of a scan. The ceilings of the instance are the highest values that are allowed. If the values
     * of a new profile are above the ceilings, they are lowered to the ceilings.
     *
     * @param change parts of the pace to change, at least one
     * @param expected version of the instructions that the caller has seen, or null to change any version
     * @throws RequestRefusedException if the scan has ended, if its instructions have another version, or if a part of
     *     the change is above a ceiling
     */
    public void tune(UUID scanId, PaceChange change, @Nullable Integer expected, Intervention intervention) {
        boolean wasTuned = Boolean.TRUE.equals(transaction.execute(status -> {
            instructions
                    .find(scanId)
                    .filter(ScanInstructions::active)
                    .ifPresent(scan -> scanCeilings.requireWithinCeilings(scan.instanceId(), change));
            AuditFields before = pace(scanId);
            if (!writer.tune(scanId, change, expected, intervention)) {
                return false;
            }
            scanCeilings.applyToTuned(scanId);
            audit(scanId, before, pace(scanId));
            timeline.add(event(scanId, EventType.TUNED, intervention).withDetail(change.description()));
            return true;
        }));
        if (!wasTuned) {
            // The update matches no row for one of two reasons: the scan has ended, or its instructions have another
            // version than the caller expects. This call handles the first reason.
            requireActive(scanId, scans.isActive(scanId), "tuned");
            // The scan may have been deleted since the check, so the message then names version 0.
            throw EntityTag.stale(
                    expected,
                    instructions.find(scanId).map(ScanInstructions::version).orElse(0),
                    "the scan");
        }
        LOG.info("Scan {} tuned {}", scanId, intervention);
        running.poll();
    }

    /**
     * Changes a scan, and records the change in the same transaction.
     *
     * @param change changes the scan; returns false if it changes nothing, because the scan has ended
     * @param recordChange adds to the timeline and the audit log; called only after a change
     * @return false if nothing was changed
     */
    private boolean changeAndRecord(BooleanSupplier change, Runnable recordChange) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean hasChanged = change.getAsBoolean();
            if (hasChanged) {
                recordChange.run();
            }
            return hasChanged;
        }));
    }

    /** Reports the change of an active scan to the audit log. */
    private void audit(UUID scanId, @Nullable AuditFields before, @Nullable AuditFields after) {
        String instance = transitions
                .findActive(scanId)
                .map(scan -> scan.instanceId().toString())
                .orElse(null);
        AuditResource resource =
                new AuditResource("scan", scanId.toString(), /* name= */ null, /* project= */ null, instance);
        AuditTrail.change(resource, before, after);
    }

    /** Returns the parts of the pace that were chosen for a scan, for the audit log. */
    private AuditFields pace(UUID scanId) {
        AuditFields fields = new AuditFields();
        instructions
                .find(scanId)
                .map(ScanInstructions::pace)
                .ifPresent(pace -> fields.with("profile", pace.profile())
                        .with("stallBudget", pace.stallBudget())
                        .with("share", pace.share())
                        .with("rateCeiling", pace.rateCeiling()));
        return fields;
    }

    private static TimelineEvent event(UUID scanId, EventType type, Intervention intervention) {
        return TimelineEvent.of(scanId, type, intervention.at(), intervention.by(), intervention.why());
    }

    /**
     * Throws the refusal of the request if the scan is not active.
     *
     * @param isActive whether the scan waits or runs
     * @param participle participle of the requested change, for the message, for example {@code paused}
     */
    private static void requireActive(UUID scanId, boolean isActive, String participle) {
        if (!isActive) {
            throw RequestRefusedException.of(
                    ErrorCode.SCAN_ENDED,
                    Phrase.of("Scan {0} can be {1} only while it waits or runs.", scanId, participle));
        }
    }
}
