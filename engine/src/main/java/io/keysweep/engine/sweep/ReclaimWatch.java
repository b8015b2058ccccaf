package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the server reclaims the expired keys that steps visit, and holds the sweep while it does not.
 *
 * <p>To reclaim is to remove an expired key and free its memory. A step is one call that visits keys, and to hold is to
 * send no steps. While writes are paused, during a failover, on a replica and during an import, SCAN only hides expired
 * keys. A sweep must not treat the keys that it visits then as covered.
 *
 * <p>Every check reads INFO, which shows most of these states. INFO does not show the <i>decisive</i> settings,
 * which an administrator may change at any time: {@code import-mode} and {@code lazyexpire-nested-arbitrary-keys}. If
 * the server has such settings, they are read once per second. Positions that the sweep reaches between two readings
 * are confirmed only at the second reading. After a crash the next run continues only from confirmed positions.
 *
 * <p>Used by the sweep's thread only.
 */
final class ReclaimWatch {

    /** The shortest time between two readings of the settings, unless a caller asks for one. */
    private static final Duration SETTINGS_EVERY = Duration.ofSeconds(1);

    /**
     * Reports the result of one check of the server.
     *
     * @param status the server's status
     * @param refusal why the server must no longer be swept; null if it may be
     * @param obstacle a temporary reason why the server reclaims nothing, such as paused writes; null if there is none
     * @param methodReclaims whether steps of the current reclaim method can reclaim under the server's settings
     * @param settingsKnown whether the decisive settings were read in this check, or the server has none
     */
    record Check(
            ServerStatus status,
            @Nullable NodeRefusedException refusal,
            @Nullable String obstacle,
            boolean methodReclaims,
            boolean settingsKnown) {

        /** Returns whether steps reclaim, as far as this check shows. The check may not have read the settings. */
        boolean reclaiming() {
            return refusal == null && obstacle == null && methodReclaims;
        }

        /** Returns whether it is certain that all steps so far have reclaimed the expired keys that they visited. */
        boolean confirmsPositions() {
            return reclaiming() && settingsKnown;
        }
    }

    private final Timing timing;
    private final RunLimits limits;
    private final SweepState state;
    private final HoldStarter holdStarter;

    /** When the decisive settings were last read, ns by {@link Timing#nanoTime}. */
    private long settingsReadAt;

    ReclaimWatch(Timing timing, RunLimits limits, SweepState state, HoldStarter holdStarter) {
        this.timing = timing;
        this.limits = limits;
        this.state = state;
        this.holdStarter = holdStarter;
        settingsReadAt = timing.nanoTime().getAsLong();
    }

    /**
     * Checks the server. Reads its settings only if the last reading is at least a second old, or if the session
     * reads status and settings in one write. Also compares the server's counter of expired keys with the counts of the
     * sweep. No step may be in flight.
     *
     * @throws LinkBrokenException if the connection breaks, or if the server was a replica since it was inspected. The
     *     connection to a cluster node stays open while the node is a replica, but the keys may have changed, so
     *     cursors are invalid.
     */
    Check check() {
        return check(timing.since(settingsReadAt).compareTo(SETTINGS_EVERY) >= 0);
    }

    /** Checks the server with {@link #check()}, and always reads its settings. */
    Check checkWithSettings() {
        return check(/* withSettings= */ true);
    }

    /** Checks the server, and its settings if the caller asks for that or the session has read both in one write. */
    private Check check(boolean withSettings) {
        return check(state.session().readStatus(), withSettings);
    }

    /**
     * Receives the status that {@link Session#requestStatus} has asked for, and checks the server by it. The caller has
     * received exactly the steps before the status; later steps may be in flight.
     *
     * @throws LinkBrokenException see {@link #check()}
     */
    Check checkRequestedStatus() {
        // The settings come with the status.
        return check(state.session().receiveStatusBetweenSteps(), /* withSettings= */ false);
    }

    /** Checks the server by its status, and by its settings if the caller asks for that or they came with the status. */
    private Check check(ServerStatus status, boolean withSettings) {
        Session session = state.session();
        state.counts().compareWithServer(session.expiryReading(status));
        Optional<NodeRefusedException> refusal = status.refusal(state.nodeId());
        if (refusal.isEmpty()
                && status.wasReplicaSince(session.inspection().status().replicationId())) {
            throw new LinkBrokenException("it was a replica for a while, so its keys may have changed");
        }
        state.deletionPoint().update(status, state.counts().reclaimed());

        Optional<String> obstacle = status.obstacle();
        boolean methodReclaims = true;
        boolean settingsKnown = !session.hasDecisiveSettings();
        if ((withSettings || session.settingsCameWithStatus()) && !settingsKnown) {
            boolean nestedExpiryBefore = session.inspection().settings().nestedExpiry();
            ServerSettings settings = session.readDecisiveSettings();
            settingsReadAt = timing.nanoTime().getAsLong();
            settingsKnown = true;
            // Nested expiry (lazyexpire-nested-arbitrary-keys) says whether SCAN in scripts and transactions removes
            // expired keys. If it was off before, the current method is a pipeline, which needs no nested expiry.
            methodReclaims = settings.nestedExpiry() || !nestedExpiryBefore;
            if (settings.importMode()) {
                obstacle =
                        obstacle.or(() -> Optional.of("it is in import mode and expires nothing; end the import with: "
                                + "CONFIG SET import-mode no"));
            }
        }

        return new Check(status, refusal.orElse(null), obstacle.orElse(null), methodReclaims, settingsKnown);
    }

    /**
     * Acts on a check: chooses another method if the settings rule out the current one, and holds while there is an
     * obstacle. The caller handles a refusal.
     *
     * @throws NodeRefusedException if the obstacle lasts longer than the sweep's patience, 60 s by default
     * @throws LinkBrokenException if the connection breaks or no other method can be chosen
     */
    void resolve(Check check) throws InterruptedException {
        if (!check.methodReclaims()) {
            state.session().rechooseMethod();
        }
        if (check.obstacle() != null) {
            holdWhileObstructed(check.obstacle());
        }
    }

    /** Holds until nothing keeps the server from reclaiming, or the run ends. */
    private void holdWhileObstructed(String obstacle) throws InterruptedException {
        try (Hold hold = holdStarter.start(obstacle)) {
            while (limits.ending() == null) {
                limits.waitFor(hold.nextPollDelay());
                String currentObstacle = checkWithSettings().obstacle();
                if (currentObstacle == null) {
                    break;
                }
                hold.changeReason(currentObstacle);
                if (hold.patienceExhausted()) {
                    throw new NodeRefusedException(
                            state.nodeId(),
                            Reason.NOT_RECLAIMING,
                            state.nodeId() + " reclaims nothing: " + currentObstacle);
                }
            }
        }
    }
}
