package io.keysweep.engine.assist;

import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds settings that an earlier process of {@link Assist} has left raised, and restores the former values.
 *
 * <p>A process leaves settings raised if it was killed or has lost the server. The {@link AssistLedger} has one entry
 * for each server with raised settings.
 *
 * <p>An entry concerns a deployment if it was made for that deployment, or if its server is one of the current
 * primaries. A server is recognised by its address or by the id of its process. If the id identifies the server, the
 * restorer connects to its current address. It skips an entry while a running process claims the server. Safe to share
 * between threads.
 *
 * @param connector opens connections to servers; the caller closes it
 * @param ledger stores the entries
 */
public record SettingsRestorer(NodeConnector connector, AssistLedger ledger) {

    private static final Logger log = LoggerFactory.getLogger(SettingsRestorer.class);

    /**
     * Reports the result for one entry of the ledger.
     *
     * @param entry the entry, as the earlier process stored it
     * @param settings the state of each setting now
     * @param notRemoved why the entry is still there although no setting is still raised, as part of a sentence; null
     *     if it was removed or must be kept
     */
    public record Restoration(
            RaisedSettings entry,
            List<SettingOutcome> settings,
            @Nullable String notRemoved) {

        /** Returns the settings that still have the raised value, or may have it because the server does not answer. */
        public List<SettingOutcome> stillRaised() {
            return settings.stream()
                    .filter(setting -> setting.state() == State.STILL_RAISED)
                    .toList();
        }
    }

    /**
     * Restores the former settings on each server of a deployment where an earlier process has left them raised.
     * Removes the entry if no setting is still raised.
     *
     * @return one report for each entry that concerns the deployment and that no running process claims
     * @throws IOException if the ledger cannot be read
     */
    public List<Restoration> restore(Deployment deployment) throws IOException {
        return visitAll(deployment, RestorerAction.RESTORE);
    }

    /**
     * Reports the servers of a deployment on which an earlier process has left settings raised, or may have if a server
     * does not answer. Changes no setting and removes no entry.
     *
     * @throws IOException if the ledger cannot be read
     */
    public List<Restoration> inspect(Deployment deployment) throws IOException {
        return visitAll(deployment, RestorerAction.INSPECT).stream()
                .filter(restoration -> !restoration.stillRaised().isEmpty())
                .toList();
    }

    /** Names the work on the settings of a server. */
    private enum RestorerAction {
        /** Restore the former values. */
        RESTORE,
        /** Read the current values, and change nothing. */
        INSPECT
    }

    /** Restores or inspects the settings of each entry that concerns a deployment and that no process claims. */
    private List<Restoration> visitAll(Deployment deployment, RestorerAction action) throws IOException {
        List<Restoration> restorations = new ArrayList<>();
        List<RaisedSettings> entries = ledger.entries();
        if (entries.isEmpty()) {
            return restorations;
        }
        CurrentServers servers = findCurrentServers(deployment, entries);
        for (RaisedSettings listed : entries) {
            try {
                visitUnderClaim(listed, servers, deployment.access(), action).ifPresent(restorations::add);
            } catch (IOException e) {
                // For example, another user owns a file of this entry. The other servers must not wait for that.
                restorations.add(new Restoration(listed, stillRaised(listed), /* notRemoved= */ null));
            }
        }
        return restorations;
    }

    /**
     * Claims the server of an entry, and restores or inspects its settings. Returns an empty value if a running process
     * claims the server, or if the entry was removed or does not concern the deployment.
     */
    private Optional<Restoration> visitUnderClaim(
            RaisedSettings listed, CurrentServers servers, Access access, RestorerAction action) throws IOException {
        // A process that still runs has the claim, and restores the settings itself.
        Optional<AssistLedger.Claim> claim =
                servers.of(listed) == null ? Optional.empty() : ledger.claim(listed.address());
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        try (AssistLedger.Claim openClaim = claim.get()) {
            // Another process may have removed or replaced the entry since the list was read.
            RaisedSettings entry = openClaim.entry().orElse(null);
            NodeAddress server = entry == null ? null : servers.of(entry);
            return entry == null || server == null
                    ? Optional.empty()
                    : Optional.of(visit(entry, server, access, action, openClaim));
        }
    }

    /** Restores or inspects the settings of one entry at an address, and removes the entry once all are restored. */
    private Restoration visit(
            RaisedSettings entry, NodeAddress server, Access access, RestorerAction action, AssistLedger.Claim claim) {
        List<SettingOutcome> outcomes = outcomes(entry, server, access, action);
        boolean isRemovable = action == RestorerAction.RESTORE
                && outcomes.stream().noneMatch(outcome -> outcome.state() == State.STILL_RAISED);
        return new Restoration(entry, outcomes, isRemovable ? remove(claim) : null);
    }

    /** Removes an entry. Returns null, or the reason why the entry cannot be removed. */
    private static @Nullable String remove(AssistLedger.Claim claim) {
        try {
            claim.remove();
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Connects to the server of an entry, restores or inspects its settings, and returns the state of each setting. */
    private List<SettingOutcome> outcomes(
            RaisedSettings entry, NodeAddress server, Access access, RestorerAction action) {
        try (NodeLink link = connector.open(server, access)) {
            NodeSettings settings = new NodeSettings(link);
            return action == RestorerAction.RESTORE
                    ? settings.restore(entry.changes())
                    : settings.inspect(entry.changes());
        } catch (LinkBrokenException | UnexpectedReplyException | NodeRefusedException e) {
            return stillRaised(entry);
        } catch (RuntimeException e) {
            // A bug that one server shows must not keep the settings of other servers raised.
            log.error("The settings of {} cannot be read or restored", server, e);
            return stillRaised(entry);
        }
    }

    /**
     * Returns the outcomes for a server that does not answer or cannot be claimed. It may have the raised values, so
     * the entry is kept.
     */
    private static List<SettingOutcome> stillRaised(RaisedSettings entry) {
        return entry.changes().stream()
                .map(change -> new SettingOutcome(change, ServerSettings.UNKNOWN, State.STILL_RAISED))
                .toList();
    }

    /**
     * Finds the current address of the server of an entry, within one deployment.
     *
     * @param deployment the text that identifies the deployment, see {@link AssistLedger#keyOf}
     * @param primaries the addresses of the current primaries of the deployment
     * @param addressByRunId the address of each current primary by the id of its server process; empty if no entry
     *     needs it
     */
    private record CurrentServers(
            String deployment, List<NodeAddress> primaries, Map<String, NodeAddress> addressByRunId) {

        /** Returns the address of the server of an entry; null if the entry does not concern the deployment. */
        @Nullable NodeAddress of(RaisedSettings entry) {
            // The process comes first, because the server may have a different address than at the time of the entry.
            NodeAddress addressOfProcess = addressByRunId.get(entry.runId());
            if (addressOfProcess != null) {
                return addressOfProcess;
            }
            return entry.deployment().equals(deployment) || primaries.contains(entry.address())
                    ? entry.address()
                    : null;
        }
    }

    /** Finds the primaries of a deployment, and their process ids if an entry of another deployment may need them. */
    private CurrentServers findCurrentServers(Deployment deployment, List<RaisedSettings> entries) {
        String key = AssistLedger.keyOf(deployment);
        List<NodeAddress> primaries = primaries(deployment);
        // Process ids cost a connection to each primary, so they are read only if an entry needs them.
        Map<String, NodeAddress> addressByRunId = new HashMap<>();
        if (entries.stream().anyMatch(entry -> !entry.deployment().equals(key))) {
            primaries.forEach(primary ->
                    runId(primary, deployment.access()).ifPresent(runId -> addressByRunId.put(runId, primary)));
        }
        return new CurrentServers(key, primaries, addressByRunId);
    }

    /** Returns the addresses of the current primaries; an empty list if they cannot be found. */
    private List<NodeAddress> primaries(Deployment deployment) {
        try {
            return Discovery.of(connector, deployment).discover().primaries().stream()
                    .map(primary -> primary.address())
                    .toList();
        } catch (NodeRefusedException e) {
            // Entries of the same deployment can still be restored by their own addresses.
            return List.of();
        }
    }

    /** Returns the id of the server process at an address; empty if the server does not answer or report it. */
    private Optional<String> runId(NodeAddress address, Access access) {
        try (NodeLink link = connector.open(address, access)) {
            return link.call("INFO", "server") instanceof Reply.Text text
                    ? ServerInfo.parse(text.value()).text("run_id").filter(id -> !id.isEmpty())
                    : Optional.empty();
        } catch (LinkBrokenException | NodeRefusedException e) {
            return Optional.empty();
        }
    }
}
