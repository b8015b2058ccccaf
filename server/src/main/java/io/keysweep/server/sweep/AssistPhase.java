package io.keysweep.server.sweep;

import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.Ending;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.assist.SettingsKeeper;
import io.keysweep.server.assist.SettingsOwner;
import io.keysweep.server.control.AssistMode;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Assists a primary before its sweep, or in place of it, and puts settings back that a lost worker has left raised.
 *
 * <p>To assist is to drive the server's own expiry harder for a while, by raised settings, see {@link Assist}. The phase
 * is over once assist has ended by itself. A pause that lasts, a closed window or a stop of the service only interrupts
 * it: the next run assists again, and adds to its counts. Thread-safe.
 */
@Component
class AssistPhase {

    private final Assist assist;
    private final SettingsKeeper keeper;
    private final CeilingFinder ceilings;
    private final InstanceStore instances;

    AssistPhase(Assist assist, SettingsKeeper keeper, CeilingFinder ceilings, InstanceStore instances) {
        this.assist = assist;
        this.keeper = keeper;
        this.ceilings = ceilings;
        this.instances = instances;
    }

    /**
     * Puts the settings back that an earlier attempt at the sweep has left raised. Connects to no server if there are
     * none. A server that does not answer keeps its entry, and is tried again later.
     *
     * @throws SupersededException if a newer attempt has claimed the sweep
     */
    void putBackLeftovers(SweepAttempt attempt, UUID instanceId) {
        AssistLedger ledger = ledger(attempt, instanceId);
        instances
                .find(instanceId)
                .ifPresent(instance -> keeper.putBack(ledger, instance.deployment())
                        .forEach(restoration ->
                                new AssistRecorder(attempt).onRestored(restoration.entry(), restoration.settings())));
    }

    /**
     * Assists the primary of a sweep if its scan asks for it, the instance still allows it and an earlier run has not
     * done so.
     *
     * @param holds receives the times in which assist must wait
     * @return the report, which is also stored; null if the primary was not assisted. A scan that only assists always
     *     gets a report
     * @throws NodeRefusedException if the scan only assists, and the primary cannot be reached or assisted
     */
    @Nullable AssistReport run(
            PreparedRun prepared, Instance instance, SweepRequest request, SweepControl control, SweepListener holds)
            throws InterruptedException {
        AssistMode mode = prepared.scan().assist();
        boolean only = mode == AssistMode.ONLY;
        SweepAttempt attempt = prepared.attempt();
        AssistRecorder recorder = new AssistRecorder(attempt);
        if (mode == AssistMode.NONE || (!only && !isDue(prepared, recorder))) {
            return null;
        }
        if (!ceilings.find(instance.id()).allowAssist(instance.assist())) {
            AssistReport refused = recorder.refuse(attempt.key().nodeId(), "the instance no longer allows it");
            return only ? refused : null;
        }
        recorder.begin();
        try {
            AssistReport report =
                    assist.withLedger(ledger(attempt, instance.id())).run(request, control, holds, recorder);
            recorder.onEnded(report);
            return report;
        } catch (NodeRefusedException e) {
            recorder.refuse(attempt.key().nodeId(), String.valueOf(e.getMessage()));
            if (only) {
                throw e;
            }
            // The sweep meets the same server, and its failure is the one that users see.
            return null;
        }
    }

    /** Slots that have moved are swept in a further round, which does not assist again. */
    private static boolean isDue(PreparedRun prepared, AssistRecorder recorder) {
        boolean firstRound = prepared.sweep().round() == 1;
        boolean mustEnd = prepared.decision() instanceof SweepDecision.End;
        return firstRound && !mustEnd && !recorder.isOver();
    }

    private AssistLedger ledger(SweepAttempt attempt, UUID instanceId) {
        SweepKey key = attempt.key();
        return keeper.ledger(
                new SettingsOwner(instanceId, key.scanId(), key.round(), key.nodeId(), attempt.number()),
                attempt::lock);
    }

    /** Returns why a scan that only assists has failed on a primary, in words for users; null if it has not. */
    static @Nullable String failure(AssistReport report, Duration timeout) {
        if (report.ending() == Ending.TIMED_OUT) {
            return "Timed out after " + timeout.toSeconds() + " s; what was reclaimed stays counted.";
        }
        return switch (report.ending()) {
            case NOTHING_LEFT, LITTLE_LEFT -> null;
            default -> "Assist ended: " + report.reason() + ".";
        };
    }
}
