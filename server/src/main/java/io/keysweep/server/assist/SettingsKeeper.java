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
 * Puts settings back that a lost worker has left raised, or that a worker could not put back because the server was lost.
 *
 * <p>A worker that takes a sweep up calls {@link #putBack} before it does anything else. What no worker takes up, such as
 * the settings of a former primary that answers again after the scan has ended, a recurring task puts back. Thread-safe.
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

    /** Returns the ledger of an attempt at a sweep. */
    public AssistLedger ledger(SettingsOwner owner, AttemptFence fence) {
        return new SettingsLedger(store, transaction, owner, fence);
    }

    /**
     * Puts the former settings back where an earlier attempt at a sweep of a deployment has left them raised. Connects
     * to no server if there is no such entry.
     *
     * @param ledger the ledger of the present attempt
     * @return one report for each server; the entry of a server that does not answer stays
     */
    public List<Restoration> putBack(AssistLedger ledger, Deployment deployment) {
        try {
            return new SettingsRestorer(connector, ledger).restore(deployment);
        } catch (IOException e) {
            throw new IllegalStateException("a ledger in the database throws no exceptions of files", e);
        }
    }

    /** Puts the settings back that no sweep is responsible for any more, where the servers answer. */
    void putBackUnused() {
        store.deleteUnusedClaims();
        for (UUID instanceId : store.unusedInstances()) {
            instances.find(instanceId).ifPresent(this::putBackUnused);
        }
    }

    private void putBackUnused(Instance instance) {
        // A scan id that no scan has: the service itself takes only rows that are not in use.
        SettingsOwner service =
                new SettingsOwner(instance.id(), new UUID(0, 0), /* round= */ 0, instance.name(), /* attempt= */ 0);
        for (Restoration restoration : putBack(ledger(service, () -> {}), instance.deployment())) {
            if (restoration.stillRaised().isEmpty()) {
                LOG.warn(
                        "The former settings of {}, raised since {}, are back",
                        restoration.entry().address(),
                        restoration.entry().since());
            }
        }
    }
}
