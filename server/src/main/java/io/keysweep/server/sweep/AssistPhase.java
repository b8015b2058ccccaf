package io.keysweep.server.sweep;

import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.BacklogLimit;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.assist.RaisedSettingsRestorer;
import io.keysweep.server.assist.SettingsOwner;
import io.keysweep.server.control.AssistMode;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Assists a primary before its sweep, or instead of it, and restores settings that a lost worker has left raised.
 *
 * <p>A sweep is the part of a scan that visits one primary. Assist raises settings of the server for a while, so that
 * the server itself removes more expired keys; see {@link Assist}. Assist ends once few expired keys are left. A long
 * pause, the end of a window (a time when sweeps may run) or a stop of the service only interrupts assist. The next run
 * of the sweep then assists again, and adds to the counts. Thread-safe.
 */
@Component
class AssistPhase {

    private static final Logger LOG = LoggerFactory.getLogger(AssistPhase.class);

    /**
     * The longest time of assist before a sweep. Where keys expire all the time, assist could continue until the scan
     * times out, and the sweep would have no time left.
     */
    private static final Duration LONGEST_ASSIST = Duration.ofMinutes(30);

    private final Assist assist;
    private final RaisedSettingsRestorer restorer;
    private final CeilingFinder ceilings;
    private final InstanceStore instances;
    private final SweepStore sweeps;
    private final InstantSource clock;

    AssistPhase(
            Assist assist,
            RaisedSettingsRestorer restorer,
            CeilingFinder ceilings,
            InstanceStore instances,
            SweepStore sweeps,
            InstantSource clock) {
        this.assist = assist;
        this.restorer = restorer;
        this.ceilings = ceilings;
        this.instances = instances;
        this.sweeps = sweeps;
        this.clock = clock;
    }

    /**
     * Restores the settings that an earlier attempt at the sweep has left raised. If there are none, the method
     * connects to no server. If a server does not answer, its former settings remain stored, and {@link
     * RaisedSettingsRestorer} tries again later.
     *
     * @throws SupersededException if a newer attempt has claimed the sweep
     */
    void restoreLeftoverSettings(SweepAttempt attempt, UUID instanceId) {
        try {
            instances
                    .find(instanceId)
                    .ifPresent(instance -> restorer.restore(
                                    owner(attempt, instanceId), attempt::lock, instance.deployment())
                            .forEach(restoration -> new AssistRecorder(attempt)
                                    .onRestored(restoration.entry(), restoration.settings())));
        } catch (SupersededException | DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            // A bug here must not keep the sweep from running. The former settings remain stored.
            LOG.error("Cannot restore settings of instance {}, will try again after the sweep", instanceId, e);
        }
    }

    /**
     * Assists the primary of a sweep. Does not assist if the scan does not ask for assist, if the instance no longer
     * allows assist, or if an earlier run has completed assist.
     *
     * @param holds receives the start and the end of each hold, a time in which assist must wait
     * @return the report, which is also stored; null if the primary was not assisted. Never null for a scan that only
     *     assists
     * @throws NodeRefusedException if the scan only assists, and the primary cannot be reached or assisted
     */
    @Nullable AssistReport run(
            PreparedRun prepared, Instance instance, SweepRequest request, SweepControl control, SweepListener holds)
            throws InterruptedException {
        AssistMode mode = prepared.scan().assist();
        boolean onlyAssists = mode == AssistMode.ONLY;
        SweepAttempt attempt = prepared.attempt();
        AssistRecorder recorder = new AssistRecorder(attempt);
        if (mode == AssistMode.NONE || (!onlyAssists && !isDueBeforeSweep(prepared, recorder))) {
            return null;
        }
        if (!ceilings.find(instance.id()).allowAssist(instance.assist())) {
            AssistReport refusal = recorder.refuse(attempt.key().nodeId(), "the instance no longer allows it");
            return onlyAssists ? refusal : null;
        }
        recorder.begin();
        try {
            AssistReport report = assist.withLedger(ledger(attempt, instance.id()))
                    .keepWithin(backlogLimit(prepared), request, control, holds, recorder);
            recorder.onEnded(report);
            return report;
        } catch (NodeRefusedException e) {
            recorder.refuse(attempt.key().nodeId(), String.valueOf(e.getMessage()));
            if (onlyAssists) {
                throw e;
            }
            // The sweep that follows fails for the same reason, and reports that failure to users.
            return null;
        }
    }

    /**
     * Returns whether the primary must be assisted before its sweep. Only the first round of a cluster's scan assists:
     * later rounds sweep slots that have moved, whose primaries were assisted already.
     */
    private static boolean isDueBeforeSweep(PreparedRun prepared, AssistRecorder recorder) {
        boolean isFirstRound = prepared.sweep().round() == 1;
        boolean mustEnd = prepared.decision() instanceof SweepDecision.End;
        return isFirstRound && !mustEnd && !recorder.isAssistComplete();
    }

    /**
     * Returns the backlog limit for the primary of a sweep. Null means no limit: assist then ends once the backlog no
     * longer falls.
     */
    private @Nullable BacklogLimit backlogLimit(PreparedRun prepared) {
        Long limitOfScan = prepared.scan().backlogLimit();
        if (limitOfScan == null || prepared.scan().assist() != AssistMode.BEFORE) {
            return null;
        }
        long primaries = sweeps.ofScans(List.of(prepared.attempt().key().scanId())).stream()
                .filter(sweep -> sweep.round() == 1)
                .count();
        return backlogLimit(limitOfScan, primaries, Duration.between(clock.instant(), prepared.deadline()));
    }

    /**
     * Returns the backlog limit for one primary. Its number of keys is an equal part of the scan's limit. Its time is
     * at most half of the time that the scan has left; the other half is for the sweep. Returns null if the scan has no
     * time left.
     *
     * @param limitOfScan maximum number of dead keys of all primaries together, at least 1
     * @param primaries number of primaries of the scan, at least 1
     * @param timeLeft time until the scan times out; negative after that
     */
    static @Nullable BacklogLimit backlogLimit(long limitOfScan, long primaries, Duration timeLeft) {
        Duration half = timeLeft.dividedBy(2);
        Duration longestTime = half.compareTo(LONGEST_ASSIST) < 0 ? half : LONGEST_ASSIST;
        return longestTime.isPositive() ? new BacklogLimit(Math.max(1, limitOfScan / primaries), longestTime) : null;
    }

    private AssistLedger ledger(SweepAttempt attempt, UUID instanceId) {
        return restorer.ledger(owner(attempt, instanceId), attempt::lock);
    }

    private static SettingsOwner owner(SweepAttempt attempt, UUID instanceId) {
        SweepKey key = attempt.key();
        return new SettingsOwner(instanceId, key.scanId(), key.round(), key.nodeId(), attempt.number());
    }

    /** Returns why a scan that only assists has failed on a primary, in words for users; null if it has succeeded. */
    static @Nullable String failure(AssistReport report, Duration timeout) {
        if (report.ending() == AssistEnding.TIMED_OUT) {
            return "Timed out after " + timeout.toSeconds() + " s; the keys reclaimed so far are counted.";
        }
        return switch (report.ending()) {
            case NOTHING_LEFT, LITTLE_LEFT -> null;
            default -> "Assist ended: " + report.reason() + ".";
        };
    }
}
