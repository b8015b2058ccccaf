package io.keysweep.server.assist;

import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingsRestorer;
import io.keysweep.engine.assist.SettingsRestorer.Restoration;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Restores settings of servers that assist has raised, if the worker that raised them could not restore them.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. Settings stay
 * raised if the worker was lost, or if the server did not answer. A worker that claims a sweep (the part of a scan that
 * visits one primary) calls {@link #restore} before it does anything else. {@link SettingsTask} restores
 * <em>abandoned</em> settings: their sweep has ended, or it goes on without this server. For example, a former primary
 * may answer again only after the scan. Thread-safe.
 */
@Component
public class RaisedSettingsRestorer {

    private static final Logger LOG = LoggerFactory.getLogger(RaisedSettingsRestorer.class);

    private final RaisedSettingsStore store;
    private final TransactionTemplate transaction;
    private final InstanceStore instances;
    private final NodeConnector connector;
    private final ServerRetries retries;

    RaisedSettingsRestorer(
            RaisedSettingsStore store,
            TransactionTemplate transaction,
            InstanceStore instances,
            NodeConnector connector,
            InstantSource clock) {
        this.store = store;
        this.transaction = transaction;
        this.instances = instances;
        this.connector = connector;
        this.retries = new ServerRetries(clock);
    }

    /**
     * Returns the ledger in which an attempt at a sweep stores the former settings of servers. An attempt is one
     * worker's claim on a sweep.
     *
     * @param owner the attempt that stores the settings
     * @param fence keeps the attempt from storing anything once a newer attempt has begun
     */
    public AssistLedger ledger(SettingsOwner owner, AttemptFence fence) {
        return new SettingsLedger(store, transaction, owner, fence);
    }

    /**
     * Restores the former settings that earlier attempts have left raised on servers of a deployment. Connects to no
     * server if no former settings are stored. A server that did not answer is skipped for a while, so a former primary
     * that never comes back delays no sweep. The server that the attempt sweeps is never skipped.
     *
     * @param owner the current attempt
     * @param fence keeps the attempt from storing anything once a newer attempt has begun
     * @return one report for each server that was tried; the former settings of a server that does not answer are kept
     */
    public List<Restoration> restore(SettingsOwner owner, AttemptFence fence, Deployment deployment) {
        AssistLedger ledger = ledger(owner, fence);
        try {
            List<RaisedSettings> dueEntries = ledger.entries().stream()
                    .filter(entry -> isOfSweptServer(entry, deployment, owner) || isDue(entry))
                    .toList();
            List<Restoration> restorations =
                    new SettingsRestorer(connector, new FilteredLedger(ledger, dueEntries)).restore(deployment);
            recordResults(dueEntries, restorations);
            return restorations;
        } catch (IOException e) {
            // This ledger is in the database, and throws no IOException here.
            throw new IllegalStateException("Only a ledger in files throws this exception", e);
        }
    }

    /**
     * Returns whether an entry is about the server that the owner sweeps. A Sentinel deployment has a single primary,
     * so every entry is about it.
     */
    private static boolean isOfSweptServer(RaisedSettings entry, Deployment deployment, SettingsOwner owner) {
        return deployment instanceof Deployment.Sentinel
                || entry.address().toString().equals(owner.nodeId());
    }

    private boolean isDue(RaisedSettings entry) {
        return retries.isDue(entry.address().toString());
    }

    /** Records for each entry whether its server needs another try. */
    private void recordResults(List<RaisedSettings> entries, List<Restoration> restorations) {
        Set<String> restoredAddresses = restorations.stream()
                .filter(restoration -> restoration.stillRaised().isEmpty())
                .map(restoration -> restoration.entry().address().toString())
                .collect(Collectors.toSet());
        for (RaisedSettings entry : entries) {
            String address = entry.address().toString();
            if (restoredAddresses.contains(address)) {
                retries.recordSuccess(address);
            } else {
                retries.recordFailure(address);
            }
        }
    }

    /**
     * Shows only some entries of a ledger. A claim (the exclusive right to change the settings of one server) is made
     * in the whole ledger.
     *
     * @param delegate the whole ledger
     * @param entries the entries that are shown
     */
    private record FilteredLedger(AssistLedger delegate, List<RaisedSettings> entries) implements AssistLedger {

        @Override
        public Optional<Claim> claim(NodeAddress address) throws IOException {
            return delegate.claim(address);
        }
    }

    /**
     * Restores the abandoned settings of all instances, because no sweep will restore them. A server that does not
     * answer is tried again later, see {@link ServerRetries}.
     */
    void restoreAbandoned() {
        store.deleteClaimsOfLostWorkers();
        for (UUID instanceId : store.instancesWithAbandonedSettings()) {
            try {
                instances.find(instanceId).ifPresent(this::restoreAbandoned);
            } catch (RuntimeException e) {
                // For example, a secret cannot be decrypted. The servers of other instances must not wait for that.
                LOG.warn("Cannot restore settings of instance {}, will try again: {}", instanceId, e.toString());
            }
        }
    }

    /** Restores the abandoned settings of one instance. */
    private void restoreAbandoned(Instance instance) {
        // This owner stands for no sweep, because the zero UUID is the id of no scan. So it can claim only the servers
        // that no sweep uses, and needs no fence against a newer attempt at its sweep.
        SettingsOwner ownerWithoutScan =
                new SettingsOwner(instance.id(), new UUID(0, 0), /* round= */ 0, instance.name(), /* attempt= */ 0);
        for (Restoration restoration : restore(ownerWithoutScan, /* fence= */ () -> {}, instance.deployment())) {
            if (restoration.stillRaised().isEmpty()) {
                LOG.warn(
                        "Restored the former settings of {}, which were raised since {}",
                        restoration.entry().address(),
                        restoration.entry().since());
            }
        }
    }
}
