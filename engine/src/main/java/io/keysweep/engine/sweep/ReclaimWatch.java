package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether what is swept is reclaimed, and holds while it is not. INFO tells most of it and is read at each look.
 * What it does not tell are settings that anybody may change in the middle; a server that has such is asked for them once
 * a second, and only then is known what became of the steps since. Used by the sweep's thread.
 */
final class ReclaimWatch {

    private static final Duration SETTINGS_EVERY = Duration.ofSeconds(1);

    /**
     * What a look has found.
     *
     * @param vitals how the server is
     * @param refusal why it must not be swept any more, or null
     * @param obstacle why it does not reclaim for the time being, or null
     * @param method whether the steps of this method reclaim
     * @param settingsSeen whether nothing is left that may have kept earlier steps from reclaiming
     */
    record Look(
            ServerStatus serverStatus,
            @Nullable NodeRefusedException refusal,
            @Nullable String obstacle,
            boolean method,
            boolean settingsSeen) {

        /** Whether steps reclaim, as far as this look goes. */
        boolean fit() {
            return refusal == null && obstacle == null && method;
        }

        /** Whether all steps until now have reclaimed what they met. */
        boolean sure() {
            return fit() && settingsSeen;
        }
    }

    private final Timing timing;
    private final RunLimits limits;
    private final SweepState state;
    private final Function<String, Hold> holds;
    private long settingsRead;

    /** @param holds begins a hold for a reason */
    ReclaimWatch(Timing timing, RunLimits limits, SweepState state, Function<String, Hold> holds) {
        this.timing = timing;
        this.limits = limits;
        this.state = state;
        this.holds = holds;
        settingsRead = timing.nanoTime().getAsLong();
    }

    /**
     * A look, after all that was sent has been counted.
     *
     * @throws LinkBrokenException also if the server was a replica in between: its connections outlive that in a
     *     cluster, and cursors do not
     */
    Look look() {
        return look(timing.since(settingsRead).compareTo(SETTINGS_EVERY) >= 0);
    }

    /** A look at the settings too, even if they are not due. */
    Look thoroughLook() {
        return look(/* settingsToo= */ true);
    }

    private Look look(boolean settingsToo) {
        Session session = state.session();
        ServerStatus serverStatus = session.serverStatus();
        state.counts().compare(serverStatus.expired());
        Optional<NodeRefusedException> refusal = serverStatus.refusal(state.nodeId());
        if (refusal.isEmpty()
                && serverStatus.wasReplicaSince(
                        session.serverInspection().serverStatus().replicationId())) {
            throw new LinkBrokenException("it was a replica for a while, so its keys may have changed", null);
        }
        Optional<String> obstacle = serverStatus.obstacle();
        boolean method = true;
        boolean settingsSeen = !session.hasSettings();
        if (settingsToo && !settingsSeen) {
            boolean nested = session.serverInspection().settings().nestedExpiry();
            ServerSettings settings = session.settings();
            settingsRead = timing.nanoTime().getAsLong();
            settingsSeen = true;
            method = settings.nestedExpiry() || !nested;
            if (settings.importMode()) {
                obstacle =
                        obstacle.or(() -> Optional.of("it is in import mode and expires nothing; end the import with: "
                                + "CONFIG SET import-mode no"));
            }
        }
        return new Look(serverStatus, refusal.orElse(null), obstacle.orElse(null), method, settingsSeen);
    }

    /**
     * Has the sweep go on so that it reclaims: with another method where settings have put an end to this one, and after
     * the obstacle is gone.
     *
     * @throws NodeRefusedException if that takes too long
     */
    void overcome(Look look) throws InterruptedException {
        if (!look.method()) {
            state.session().chooseAgain();
        }
        if (look.obstacle() != null) {
            holdWhile(look.obstacle());
        }
    }

    private void holdWhile(String obstacle) throws InterruptedException {
        Hold hold = holds.apply(obstacle);
        while (limits.reached() == null) {
            limits.rest(hold.nextPause());
            String now = thoroughLook().obstacle();
            if (now == null) {
                break;
            }
            hold.because(now);
            if (hold.patienceOver()) {
                throw new NodeRefusedException(
                        state.nodeId(), Reason.NOT_RECLAIMING, state.nodeId() + " reclaims nothing: " + now);
            }
        }
        hold.end();
    }
}
