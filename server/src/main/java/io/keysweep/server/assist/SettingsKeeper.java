package io.keysweep.server.assist;

import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.SettingsRestorer;
import io.keysweep.engine.assist.SettingsRestorer.Restoration;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Restores settings of servers that assist has raised and that its worker could not restore.
 *
 * <p>Assist raises settings of a server for a while, so that its own expiry reclaims more. Settings stay raised if the
 * worker was lost, or if its server did not answer. A worker that claims a sweep calls {@link #putBack} before it does
 * anything else. {@link SettingsTask} restores all other settings, for example those of a former primary that answers
 * again after the scan has ended. Thread-safe.
 */
@Component
public class SettingsKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsKeeper.class);

    private final RaisedSettingsStore store;
    private final TransactionTemplate transaction;
    private final InstanceStore instances;
    private final NodeConnector connector;

    SettingsKeeper(
            RaisedSettingsStore store,
            TransactionTemplate transaction,
            InstanceStore instances,
            NodeConnector connector) {
        this.store = store;
        this.transaction = transaction;
        this.instances = instances;
        this.connector = connector;
    }

    /**
     * Returns the store of former settings for an attempt at a sweep.
     *
     * @param fence keeps the attempt from storing anything once a newer attempt has begun
     */
    public AssistLedger ledger(SettingsOwner owner, AttemptFence fence) {
        return new SettingsLedger(store, transaction, owner, fence);
    }

    /**
     * Restores the former settings of the servers of a deployment that an earlier attempt has left raised. Connects to
     * no server if none are stored.
     *
     * @param ledger store of the former settings for the present attempt
     * @return one report for each server; the former settings of a server that does not answer stay stored
     */
    public List<Restoration> putBack(AssistLedger ledger, Deployment deployment) {
        try {
            return new SettingsRestorer(connector, ledger).restore(deployment);
        } catch (IOException e) {
            throw new IllegalStateException("Only a ledger in files throws this exception", e);
        }
    }

    /**
     * Restores the settings that no sweep will restore any more. A server that does not answer is tried again later.
     */
    void putBackUnused() {
        store.deleteUnusedClaims();
        for (UUID instanceId : store.unusedInstances()) {
            try {
                instances.find(instanceId).ifPresent(this::putBackUnused);
            } catch (RuntimeException e) {
                // For example, a secret cannot be decrypted. The servers of other instances must not wait for that.
                LOG.warn("Cannot restore settings of instance {}, will try again: {}", instanceId, e.toString());
            }
        }
    }

    private void putBackUnused(Instance instance) {
        // No scan has this id. The service is therefore the owner of no row, and takes only rows that are not in use.
        SettingsOwner service =
                new SettingsOwner(instance.id(), new UUID(0, 0), /* round= */ 0, instance.name(), /* attempt= */ 0);
        for (Restoration restoration : putBack(ledger(service, () -> {}), instance.deployment())) {
            if (restoration.stillRaised().isEmpty()) {
                LOG.warn(
                        "Restored the former settings of {}, which were raised since {}",
                        restoration.entry().address(),
                        restoration.entry().since());
            }
        }
    }
}
