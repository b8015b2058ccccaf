package io.keysweep.engine.assist;

import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.util.List;

/**
 * Restores the former settings of a server at the end of assist. If the current connection is broken, it uses new ones.
 * If the server is busy, for example with a script of another client, it tries again.
 *
 * <p>It does not check the role of the server, because after a failover the former primary must also get its settings
 * back. {@link AssistRun} uses it once.
 *
 * @param connector opens new connections
 * @param timing the source of time
 * @param address the server
 * @param access how to connect
 */
record SettingsReturn(NodeConnector connector, Timing timing, NodeAddress address, Access access) {

    /**
     * The longest time for further attempts. The request's own patience does not shorten it: that is about holds, and a
     * user who wants a short run does not want settings to stay raised.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration RETRY_DELAY = Duration.ofMillis(250);

    /**
     * Restores the former values. Blocks until they are restored or the patience is over.
     *
     * @param current the current connection, which may be broken
     * @param changes the settings with their former and raised values
     * @return the outcome for each setting; a setting that cannot be read is treated as still raised
     * @throws InterruptedException if the thread is interrupted between two tries to connect; the settings may then
     *     still be raised
     */
    List<SettingOutcome> restore(NodeLink current, List<SettingChange> changes) throws InterruptedException {
        try {
            return restoreOver(current, changes, timing.nanoTime().getAsLong());
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            // The patience begins again, because the wait for a server that has stopped may have used it up.
            return restoreOverNewConnections(changes, timing.nanoTime().getAsLong());
        }
    }

    /**
     * Restores the former values over one connection. Tries again while the server answers with errors that may pass,
     * for example BUSY because of another client's script.
     */
    private List<SettingOutcome> restoreOver(NodeLink link, List<SettingChange> changes, long began)
            throws InterruptedException {
        NodeSettings settings = new NodeSettings(link);
        List<SettingOutcome> outcomes = settings.restore(changes);
        while (isStillRaised(outcomes) && !settings.isForbidden() && !isPatienceOver(began)) {
            timing.sleeper().sleep(RETRY_DELAY);
            outcomes = settings.restore(changes);
        }
        return outcomes;
    }

    private List<SettingOutcome> restoreOverNewConnections(List<SettingChange> changes, long began)
            throws InterruptedException {
        while (true) {
            try (NodeLink link = connector.open(address, access)) {
                return restoreOver(link, changes, began);
            } catch (LinkBrokenException | UnexpectedReplyException | NodeRefusedException e) {
                if (isPatienceOver(began)) {
                    return unreachable(changes);
                }
            }
            timing.sleeper().sleep(RETRY_DELAY);
        }
    }

    private boolean isPatienceOver(long began) {
        return timing.since(began).compareTo(PATIENCE) >= 0;
    }

    /** Returns whether a setting is or may be raised, because the server has refused to show or to change it. */
    private static boolean isStillRaised(List<SettingOutcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> outcome.state() == State.STILL_RAISED);
    }

    /** Returns the outcomes for a server that does not answer: the raised values may be in force. */
    private static List<SettingOutcome> unreachable(List<SettingChange> changes) {
        return changes.stream()
                .map(change -> new SettingOutcome(change, ServerSettings.UNKNOWN, State.STILL_RAISED))
                .toList();
    }
}
